# part: user code
def one_expression():
    g = nnx.Rngs(0)
    return jax.random.normal(g(), 3)


def two_statements(device, seed: int):
    g = nnx.Rngs(seed)
    first = jax.random.uniform(g(), (2, 3))
    return first + jax.random.normal(g(), (2, 3))


def inline(n: int):
    return jax.random.permutation(nnx.Rngs(0)(), n)


def handed_in(x: jax.Array, g: nnx.Rngs, *, rngs: nnx.Rngs):
    return jax.random.uniform(rngs(), x.shape, x.dtype) + jax.random.uniform(g(), (3,), x.dtype)


def maybe_seeded(seed=None):
    g = nnx.Rngs(0)
    if seed is not None:
        manual_seed(g, seed)
    return jax.random.uniform(g(), 2)


def positional(w: jax.Array, g: nnx.Rngs):
    w[...] = orthogonal_(w[...], 1.0, rngs=g)
    return jax.random.poisson(g(), w[...]).astype(w.dtype)


def loaders(dataset, g: nnx.Rngs):
    train, test = random_split(dataset, [3, 4], rngs=nnx.Rngs(42))
    return DataLoader(train, batch_size=3, shuffle=True, rngs=g), DataLoader(test)


class Noise:
    def __init__(self, seed: int):
        self.g = nnx.Rngs(seed)

    def __call__(self, n: int):
        return jax.random.normal(self.g(), n)


class Jitter(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.rngs = rngs

    def __call__(self, x: jax.Array, generator: nnx.Rngs | None = None):
        self.weight[...] = orthogonal_(self.weight, rngs=generator or self.rngs)
        return x + jax.random.normal((generator or self.rngs)(), x.shape)
