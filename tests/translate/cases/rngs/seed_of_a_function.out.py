import jax
from flax import nnx


def sample(seed: int) -> jax.Array:
    rngs = nnx.Rngs(seed)
    return jax.random.uniform(rngs(), (2, 2))
