from typing import Optional

import torch

DTYPES: dict[str, torch.dtype] = {"F64": torch.float64, "BOOL": torch.bool}
SIZES = {name: dtype.itemsize for name, dtype in DTYPES.items()}
SAME_SIZES = {name: torch.empty(0, dtype=dtype).element_size() for name, dtype in DTYPES.items()}


def is_inexact(dtype: Optional[torch.dtype] = None) -> bool:
    return dtype is None or dtype.is_floating_point or dtype.is_complex


def size(name: str) -> int:
    return DTYPES[name].itemsize
