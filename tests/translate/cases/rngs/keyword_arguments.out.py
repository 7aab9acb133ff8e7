from flax import nnx


class Net(nnx.Module):
    def __init__(self, width: int, *, rngs: nnx.Rngs, **kwargs):
        self.fc = nnx.Linear(width, width, rngs=rngs)

    def __call__(self, x):
        return self.fc(x)


def build(*, rngs: nnx.Rngs, **config):
    return Net(**config, rngs=rngs)


def build_all(widths, *, rngs: nnx.Rngs):
    return [Net(width, rngs=rngs) for width in widths]
