from flax import nnx


class Net(nnx.Module):
    def __init__(self, width: int, *, rngs: nnx.Rngs):
        self.wide = nnx.Linear(
            width,
            (3 * width), rngs=rngs)
        self.narrow = nnx.Linear(
            (
                3 * width  # what comes in
            ),
            width,
            rngs=rngs,
        )

    def __call__(self, x):
        return self.narrow(self.wide(x))
