from flax import nnx


class Net(nnx.Module):
    class Config:
        width = 4

        def forward(self):
            return self.width

    def __init__(self, *, rngs: nnx.Rngs):
        self.config = self.Config()
        self.fc = nnx.Linear(self.config.forward(), 1, rngs=rngs)

    @property
    def width(self) -> int:
        return self.fc.in_features

    def __call__(self, x):
        return self.fc(x)
