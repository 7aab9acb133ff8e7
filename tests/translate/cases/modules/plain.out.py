from flax import nnx


class Head(nnx.Module):
    """Scores of tokens."""

    def __init__(self, width: int, *, rngs: nnx.Rngs):
        self.embed = nnx.Embed(10, width, rngs=rngs)
        self.out = nnx.Linear(width, 1, use_bias=False, rngs=rngs)

    def __call__(self, x):
        # look up first
        return self.out(self.embed(x))
