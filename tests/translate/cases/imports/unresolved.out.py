import jax
import jax.numpy as jnp


def f(x: jax.Array) -> jax.Array:
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    y = torch.frobnicate(x)  # TODO(tojax): TJ201 no rule for torch.frobnicate
    return jnp.exp(y)
