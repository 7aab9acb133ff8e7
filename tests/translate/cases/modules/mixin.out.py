from flax import nnx


class Named:
    def __init__(self):
        super().__init__()
        self.name = "net"


class Net(Named, nnx.Module):
    def __init__(self, width: int, *, rngs: nnx.Rngs):
        super().__init__()
        self.fc = nnx.Linear(width, 1, rngs=rngs)

    def __call__(self, x):
        return self.fc(x)
