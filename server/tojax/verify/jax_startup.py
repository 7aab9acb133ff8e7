"""Makes JAX quick to build models whose weights are about to be replaced by PyTorch's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

RANDOM_INITIALISERS = [
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "kaiming_normal",
    "kaiming_uniform",
    "lecun_normal",
    "lecun_uniform",
    "normal",
    "orthogonal",
    "truncated_normal",
    "uniform",
    "variance_scaling",
    "xavier_normal",
    "xavier_uniform",
]


def use_cheap_initialisers() -> None:
    """Let random initialisers draw with NumPy: compiling JAX's costs a second for each shape.

    Call before Flax is imported, which binds them as defaults of its layers.
    """
    for name in RANDOM_INITIALISERS:
        setattr(jax.nn.initializers, name, _cheap)


def _cheap(*parameters: Any, **options: Any) -> Callable[..., jax.Array]:
    def initialise(
        key: Any, shape: Any, dtype: Any = jnp.float32, out_sharding: Any = None
    ) -> jax.Array:
        return jnp.asarray(0.02 * np.random.standard_normal(shape)).astype(dtype)

    return initialise
