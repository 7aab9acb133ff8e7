"""Aliases of every sort."""

from __future__ import annotations

import math as m

import torch as th
import torch.nn.functional as tf
from torch import Tensor, nn as layers
from torch.nn import Linear as Dense, Module


class Net(Module):
    def __init__(self):
        super().__init__()
        self.a = layers.Linear(4, 4)
        self.b = Dense(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return th.tanh(self.a(x)) + tf.silu(self.b(x)) * m.pi
