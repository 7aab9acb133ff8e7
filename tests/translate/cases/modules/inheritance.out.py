from flax import nnx


class Base(nnx.Module):
    def __init__(self, width, *, rngs: nnx.Rngs):
        self.fc = nnx.Linear(width, width, rngs=rngs)

    def __call__(self, x):
        return self.fc(x)


class Residual(Base):
    def __init__(self, width, scale=0.5, *, rngs: nnx.Rngs):
        super().__init__(width, rngs=rngs)
        self.scale = scale

    def __call__(self, x):
        return x + self.scale * super().__call__(x)
