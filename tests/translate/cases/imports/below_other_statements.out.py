import os

os.environ["XLA_FLAGS"] = "--xla_cpu_use_thunk_runtime=false"
import warnings

warnings.filterwarnings("ignore")

import numpy as np
import jax.numpy as jnp
from jax import Array


def _squeeze(x: Array, axis) -> Array:
    """Drop the axis, or the axes, whose size is 1."""
    axes = (axis,) if isinstance(axis, int) else axis
    return jnp.squeeze(x, axis=tuple(i for i in axes if x.ndim and x.shape[i] == 1))


def drop(x, dim):
    return _squeeze(x, dim)


print(drop(jnp.asarray(np.zeros((2, 1))), 1).shape)
