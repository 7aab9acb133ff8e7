from typing import overload

import jax
from other import grid


@overload
def points(x: jax.Array) -> jax.Array: ...
@overload
def points(x: list) -> list: ...
def points(x):
    device = x.device
    return grid(3, device=device)
