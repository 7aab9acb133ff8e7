# part: user code
def WNConv1d(*args, rngs: nnx.Rngs, **kwargs):
    return weight_norm(Conv1d(*args, **kwargs, rngs=rngs))


def init_weights(m, *, rngs: nnx.Rngs):
    if isinstance(m, Conv1d):
        m.weight[...] = 0.01 * jax.random.normal(rngs(), m.weight.shape, m.weight.dtype)


class Symmetric(nnx.Module):
    def __call__(self, X):
        return jnp.triu(X) + jnp.triu(X, k=1).mT


class Net(nnx.Module):
    def __init__(self, channels, spectral=False, *, rngs: nnx.Rngs):
        norm = spectral_norm if spectral else weight_norm
        self.post = norm(Linear(channels, 2, rngs=rngs))
        self.body = nnx.Sequential(WNConv1d(1, channels, kernel_size=3, rngs=rngs), jax.nn.relu)
        self.blocks = nnx.List(weight_norm(Conv1d(channels, channels, 1, rngs=rngs)) for _ in range(2))
        apply(self.blocks, functools.partial(init_weights, rngs=rngs))
        self.mix = orthogonal(Linear(channels, channels, bias=False, rngs=rngs), "weight")
        self.metric = Linear(2, 2, rngs=rngs)
        register_parametrization(self.metric, "weight", Symmetric())

    def __call__(self, x):
        x = self.body(x)
        for block in self.blocks:
            x = x + block(x)
        return self.metric(self.post(self.mix(jnp.mean(x, axis=-1))))

    def fold(self):
        for block in self.blocks:
            remove_weight_norm(block)
        if is_parametrized(self.metric):
            remove_parametrizations(self.metric, "weight")
