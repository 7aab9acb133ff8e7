# part: user code
def trunc_normal_(tensor, std=1.0, *, rngs: nnx.Rngs):
    tensor[...] = std * jax.random.normal(rngs(), tensor.shape, tensor.dtype)
    tensor[...] = clamp(tensor[...], min=-2.0, max=2.0)
    return tensor[...]


def fill(tensor: jax.Array, value: float):
    tensor[...] = constant_(tensor[...], value)
    return tensor[...]


def rescale(param, depth):
    param[...] = param[...] / math.sqrt(2.0 * depth)


def init(m, name, *, rngs: nnx.Rngs):
    if isinstance(m, Linear):
        trunc_normal_(m.weight, std=0.02, rngs=rngs)
        if "head" in name:
            m.bias[...] = jnp.ones_like(m.bias[...])
        else:
            m.bias[...] = jnp.zeros_like(m.bias[...])
    elif isinstance(m, GroupNorm):
        fill(m.weight, 2.0)


class Net(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.head = Linear(4, 4, rngs=rngs)
        self.norm = GroupNorm(2, 4)
        self.calls = nnx.Variable(jnp.zeros(()))
        for name, m in named_modules(self):
            init(m, name, rngs=rngs)
        rescale(self.head.weight, 2)
        for w in (self.norm.weight, self.norm.bias):
            w[...] = jnp.ones_like(w[...])

    def count(self, calls):
        calls[...] += 1

    def __call__(self, x):
        self.count(self.calls)
        y = x
        y = shift(y, 1.0)
        y = normalize(y)
        return self.head(y) + total(self.head.weight[...])


def shift(x, by):
    x += by * jnp.ones_like(x)
    return x


def normalize(x: jax.Array, skip: bool = False) -> jax.Array:
    if skip:
        return x
    x = (x - jnp.mean(x)) / standard_deviation(x, ddof=1)
    return x


def total(w):
    return jnp.sum(w)
