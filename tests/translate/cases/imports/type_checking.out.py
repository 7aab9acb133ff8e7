from __future__ import annotations

from typing import TYPE_CHECKING

import jax


def f(x: jax.Array) -> jax.Array:
    return jax.nn.relu(x)
