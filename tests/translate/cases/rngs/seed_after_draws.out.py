import jax
from flax import nnx

rngs = nnx.Rngs(0)
x = jax.random.normal(rngs(), 3)
rngs = nnx.Rngs(42)
model = nnx.Linear(3, 2, rngs=rngs)


def f(seed, *, rngs: nnx.Rngs):
    a = jax.random.normal(rngs(), 3)
    rngs = nnx.Rngs(seed)
    b = jax.random.normal(rngs(), 3)
    return a + b


def g(seed=None, *, rngs: nnx.Rngs):
    if seed is not None:
        rngs = nnx.Rngs(seed)
    return jax.random.normal(rngs(), 3)


def h(seed):
    rngs = nnx.Rngs(seed)
    for _ in range(2):
        y = jax.random.normal(rngs(), 3)
    return y


def main(seed=None):
    rngs = nnx.Rngs(0)
    if seed:
        rngs = nnx.Rngs(seed)
    return f(1, rngs=rngs) + g(seed, rngs=rngs) + h(2)
