# part: user code
class StdConv(Conv2d):
    def __init__(self, *args, eps=1e-6, rngs: nnx.Rngs, **kwargs):
        super().__init__(*args, **kwargs, rngs=rngs)
        self.eps = eps

    def __call__(self, x):
        w = self.weight[...]
        w = (w - jnp.mean(w, axis=(1, 2, 3), keepdims=True)) / (standard_deviation(w, axis=(1, 2, 3), ddof=1, keepdims=True) + self.eps)
        return convolve(x, w, None if self.bias is None else self.bias[...], stride=self.stride, padding=self.padding)


class LoRALinear(Linear):
    def __init__(self, in_features, out_features, rank=2, *, rngs: nnx.Rngs, **kwargs):
        super().__init__(in_features, out_features, **kwargs, rngs=rngs)
        self.down = nnx.Param(jnp.zeros((rank, in_features), dtype=self.weight.dtype))
        self.up = nnx.Param(jnp.ones((out_features, rank)))
        self.merged = False

    def train(self, mode: bool = True):
        if mode:
            super().train()
        else:
            super().eval()
        if mode == self.merged:
            change = self.up[...] @ self.down[...]
            self.weight[...] += change if self.merged else -change
            self.merged = not self.merged
        return self

    def eval(self):
        return self.train(False)

    def __call__(self, x):
        if self.merged:
            return x @ self.weight[...].T if self.bias is None else x @ self.weight[...].T + self.bias[...]
        return super().__call__(x) + x @ self.down[...].T @ self.up[...].T
