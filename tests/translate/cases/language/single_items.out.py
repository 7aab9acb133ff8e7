import random
import jax
import jax.numpy as jnp
from flax import nnx


def f(x: jax.Array, p: float, *, rngs: nnx.Rngs):
    if jax.random.uniform(rngs(), 1) < p:
        x = x + int(jax.random.randint(rngs(), (1,), 0, 5).item())
    a = float(jax.random.uniform(rngs(), 1).item())
    b = float(jnp.mean(x))
    n = int(jnp.max(x))
    i = jax.random.randint(rngs(), (1,), 0, 3)
    y = x[int(i.item())]
    k = int(jnp.array([3]).item())
    z = float(x[0])
    s = int((jax.random.uniform(rngs(), (1,)) * 5).item())
    return x, a, b, n, y, k, z, s


def g(x: jax.Array, n, *, rngs: nnx.Rngs):
    a = int(jax.random.uniform(rngs(), n))
    i = jax.random.randint(rngs(), (1,), 0, 3)
    i = i + x
    b = int(jax.random.uniform(rngs(), (1,), maxval=5).item()) + int(jax.random.uniform(rngs(), (1,), maxval=5).item())
    c = float((-jax.random.uniform(rngs(), 1) * 2 + 1).item()), float(jax.random.uniform(rngs(), ())), float(jax.random.uniform(rngs(), 1) * x)
    return a, int(i), b, c
