import jax
import jax.numpy as jnp


def residual(x: jax.Array, w: jax.Array):
    y = x @ w
    same = y
    import torch.nn.functional as F  # TODO(tojax): TJ200 still needed by what is unresolved
    y = F.relu(y, inplace=True)  # TODO(tojax): TJ203 'same' shows the same memory, and is used again
    return y + same


def shown(x: jax.Array):
    y = jnp.exp(x)
    part = y[0]
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    z = torch.sigmoid_(y)  # TODO(tojax): TJ203 'part' shows the same memory, and is used again
    return z * part


def fresh(x: jax.Array, w: jax.Array):
    same = x
    y = x @ w
    y = jax.nn.relu(y)
    return y + same
