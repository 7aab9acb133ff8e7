import jax
import jax.numpy as jnp

import kernels


def fill(x: jax.Array, out: jax.Array):
    for i in range(x.shape[0]):
        out[i] = 2 * x[i]  # TODO(tojax): TJ203 changes the caller's 'out' in place; return the new value instead


if kernels.ready:
    fill_fast = kernels.fill
else:
    fill_fast = fill


def run(x: jax.Array, fast: bool) -> jax.Array:
    out = jnp.zeros_like(x)
    if fast:
        fill_fast(x, out)
    else:
        fill(x, out)  # TODO(tojax): TJ203 fill changes 'out' in place; let it return the new value, and bind that
    return out
