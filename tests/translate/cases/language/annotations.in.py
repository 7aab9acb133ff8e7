from __future__ import annotations

from typing import Callable, Dict, Iterable, List, NamedTuple, Optional, Tuple, Type, TypeVar, Union

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

TensorDict = Dict[str, Tensor]
T = TypeVar("T", bound=nn.Module)


class Out(NamedTuple):
    logits: torch.Tensor
    hidden: Optional[Tuple[torch.FloatTensor, ...]] = None


class Net(nn.Module):
    scale: nn.Parameter
    layers: nn.ModuleList
    act: nn.ReLU

    def __init__(self, norm: Type[nn.Module] = nn.LayerNorm, drop: Optional[nn.Dropout] = None):
        super().__init__()
        self.layers: nn.ModuleList = nn.ModuleList()
        self.scale = nn.Parameter(torch.ones(4))
        self.norm: nn.Module = norm(4)

    def forward(self, x: "Tensor", mask: "Optional[torch.BoolTensor]" = None) -> "Out":
        return Out(self.norm(x) * self.scale)


def train(model: T, loader: DataLoader, *xs: Tensor, dtype: torch.dtype | None = None) -> List["Tensor"]:
    return [model(x) for x in loader]
