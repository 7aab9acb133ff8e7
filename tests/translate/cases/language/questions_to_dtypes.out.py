from typing import Optional

import jax.numpy as jnp

DTYPES: dict[str, jnp.dtype] = {"F64": float, "BOOL": bool}
SIZES = {name: jnp.dtype(dtype).itemsize for name, dtype in DTYPES.items()}
SAME_SIZES = {name: jnp.empty(0, dtype=dtype).itemsize for name, dtype in DTYPES.items()}


def is_inexact(dtype: Optional[jnp.dtype] = None) -> bool:
    return dtype is None or jnp.issubdtype(dtype, jnp.floating) or jnp.issubdtype(dtype, jnp.complexfloating)


def size(name: str) -> int:
    return jnp.dtype(DTYPES[name]).itemsize
