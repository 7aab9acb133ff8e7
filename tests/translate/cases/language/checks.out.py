# part: user code
class Net(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.norm = nnx.LayerNorm(4, epsilon=1e-5, use_fast_variance=False, rngs=rngs)
        self.fc = Linear(4, 4, rngs=rngs)

        def rescale(weight, depth):
            weight[...] = weight[...] / (2.0 * depth)

        rescale(self.fc.weight, 2)

    def __call__(self, x):
        assert x.ndim == 2, f"bad {x.shape}"
        x = x + 0
        return self.fc(self.norm(x))
