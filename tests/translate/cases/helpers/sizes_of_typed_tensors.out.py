import jax
import jax.numpy as jnp
from flax import nnx


def noise(std, ids, *, rngs: nnx.Rngs):
    eps = jax.random.normal(rngs(), std.shape, jax.lax.stop_gradient(std).dtype)
    start = jax.random.uniform(rngs(), std.shape, jnp.float32, minval=-1)
    more = jnp.full_like(jnp.empty((*ids.shape, 3), dtype=jnp.float32), 2)
    all_of_it = jnp.empty(std.shape, dtype=jnp.float32)
    values = jnp.array((1, 2), dtype=jnp.float32)
    keep = jax.random.uniform(rngs(), (std.shape[0], 1), jnp.float32) > 0.5
    plain = jnp.zeros(std.shape, dtype=std.dtype)
    return eps, start, more, all_of_it, values, keep, plain
