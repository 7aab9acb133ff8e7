# part: user code
Conv2d = _Conv2d


class Net(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.conv = Conv2d(1, 1, 3, rngs=rngs)
        self.conv.weight[...] = jnp.zeros_like(self.conv.weight[...])

    def __call__(self, x):
        return self.conv(x)
