from flax import nnx


def make_head(width: int, *, rngs: nnx.Rngs) -> nnx.Module:
    return nnx.Linear(width, 1, rngs=rngs)


class Net(nnx.Module):
    def __init__(self, width: int, *, rngs: nnx.Rngs):
        self.head = make_head(width, rngs=rngs)

    def __call__(self, x):
        return self.head(x)
