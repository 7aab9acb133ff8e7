from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def f(x: Tensor) -> Tensor:
    return x.relu()
