import jax
import jax.numpy as jnp

WEIGHTS = {jnp.dtype(jnp.float32): 1.0, jnp.result_type(int): 2.0}


def checked(x, idx):
    assert idx.dtype == jnp.result_type(int), "indices must be int64"
    if x.dtype == jnp.float16 or idx.dtype not in (jnp.result_type(int), jnp.int32):
        x = x.astype(jnp.float32)
    if x.dtype == jnp.float16:
        return x.astype(float)
    if x.dtype != idx.dtype:
        x = x * 2
    return x.astype(idx.dtype) * WEIGHTS[x.dtype]


def named(x: jax.Array):
    return x.type()  # TODO(tojax): TJ202 torch.Tensor.type: JAX has no names for types of arrays; look at x.dtype
