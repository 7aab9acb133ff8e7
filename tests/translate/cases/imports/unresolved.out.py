import jax
import jax.numpy as jnp
import torch  # TODO(tojax): TJ200 still needed by what is unresolved


def f(x: jax.Array) -> jax.Array:
    y = torch.frobnicate(x)  # TODO(tojax): TJ201 no rule for torch.frobnicate
    return jnp.exp(y)
