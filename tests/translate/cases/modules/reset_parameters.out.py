# part: user code
class Scaled(Linear):
    def __init__(self, size, start=1.0, *, rngs: nnx.Rngs):
        self.rngs = rngs
        self.start = start
        super().__init__(size, size, rngs=rngs)
        self.reset_parameters()
        self.name = "scaled"

    def reset_parameters(self):
        start_anew(self, nnx.initializers.lecun_normal(in_axis=1, out_axis=0), nnx.initializers.zeros, self.rngs)
        self.weight[...] = self.weight[...] * self.start


class Small(Linear):
    def __init__(self, *args, rngs: nnx.Rngs, **kwargs):
        super().__init__(*args, rngs=rngs, **kwargs)
        self.rngs = rngs
        self.reset_parameters()

    def reset_parameters(self):
        self.weight[...] = 0.02 * jax.random.normal(self.rngs(), self.weight.shape, self.weight.dtype)
        self.bias[...] = jnp.zeros_like(self.bias[...])


class Doubling(LayerNorm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.reset_parameters()

    def reset_parameters(self):
        self.weight[...] = jnp.full_like(self.weight[...], 2.0)


class Gained(Conv2d):
    def __init__(self, *args, rngs: nnx.Rngs, **kwargs):
        super().__init__(*args, **kwargs, rngs=rngs)
        self.rngs = rngs
        self.gain = nnx.Param(jnp.empty(1))
        self.reset_parameters()

    def reset_parameters(self):
        start_anew(self, nnx.initializers.lecun_normal(in_axis=1, out_axis=0), nnx.initializers.zeros, self.rngs)
        if hasattr(self, "gain"):
            self.gain[...] = jnp.ones_like(self.gain[...])


class Net(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.rngs = rngs
        self.embed = Embedding(10, 4, rngs=rngs)
        self.layers = nnx.List([Linear(4, 4, rngs=rngs) for _ in range(2)])
        self.norm = BatchNorm(4)

    def reset_parameters(self):
        draw_rows(self.embed, nnx.initializers.variance_scaling(1.0, "fan_in", "normal", out_axis=0), self.rngs)
        for layer in self.layers:
            start_anew(layer, nnx.initializers.lecun_normal(in_axis=1, out_axis=0), nnx.initializers.zeros, self.rngs)
        reset_running_stats(self.norm)
