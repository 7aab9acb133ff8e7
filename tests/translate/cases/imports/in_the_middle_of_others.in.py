import os
import torch, sys
from torch import nn, Tensor
import numpy as np, torch.nn.functional as F
from pathlib import Path


def f(x: Tensor) -> Tensor:
    return F.relu(x) + np.pi
