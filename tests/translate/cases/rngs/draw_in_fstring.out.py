import jax
import jax.numpy as jnp
from flax import nnx


def noise(x, *, rngs: nnx.Rngs):
    return jax.random.normal(rngs(), 3) + x


def report(x, *, rngs: nnx.Rngs):
    print(f"{jnp.sum(noise(x, rngs=rngs)):.3f}")
    return x
