"""Keeps the layout of arrays from misleading PyTorch's gradients."""

from __future__ import annotations

from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

_BATCH_NORM = torch.ops.aten.native_batch_norm_backward.default


class InOrder(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """While active, batch normalisation is differentiated with its arrays in the usual layout.

    For a batch of one whose activations or whose gradient are transposed, as patches of an image
    made a sequence are, PyTorch 2.13 confuses the two layouts on a CPU: the gradients it then gets
    of input, scale and shift do not agree with finite differences.
    """

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        if func is _BATCH_NORM:
            args = (args[0].contiguous(), args[1].contiguous(), *args[2:])
        return func(*args, **(kwargs or {}))
