from flax import nnx


class Net(nnx.Module):
    def __init__(self, p: float = 0.1, *, rngs: nnx.Rngs):
        self.drop = nnx.Dropout(p, rngs=rngs)

    def __call__(self, x):
        """Drops some of x."""
        return self.drop(x)
