import torch.nn as nn
from torch import Tensor
from torch.jit import Final


class Scale(nn.Module):
    factor: "Final[int]"

    def __init__(self, factor: "int"):
        super().__init__()
        self.factor = factor

    def forward(self, x: "Tensor") -> "list[Tensor]":
        return [x * self.factor]
