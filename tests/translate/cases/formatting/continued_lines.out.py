import jax
import jax.numpy as jnp


def f(x: jax.Array, y: jax.Array) -> jax.Array:
    z = jnp.exp(x) + jnp.log(y)  # both
    # over columns
    return (
        jnp.mean(jnp.sum(z, axis=1))
    )
