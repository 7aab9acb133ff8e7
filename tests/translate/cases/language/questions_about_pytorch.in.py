import re

import torch
import torch.nn as nn
import torch.nn.functional as F
from packaging import version

MAJOR = int(torch.__version__.split(".")[0])
TORCH = tuple(int(v) for v in re.match(r"(\d+)\.(\d+)", torch.__version__).groups())
IS_NEW = version.parse(torch.__version__) >= version.parse("2.0.0")
IS_OLD = torch.__version__ < "1.10" or torch.__version__ == "parrots"

if hasattr(torch, "compile"):
    BACKEND = "inductor"
else:
    BACKEND = None


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.fused = hasattr(F, "scaled_dot_product_attention") and not hasattr(torch, "npu")
        self.act = getattr(nn, "ReLU")()
        self.dtype = getattr(torch, "float32")
        self.fc = getattr(nn, "Linear")(4, 4)

    def forward(self, x):
        functional = F
        x = getattr(torch, "tanh")(x) + getattr(functional, "silu")(x)
        return functional.relu(self.fc(self.act(x).to(self.dtype)))


def dtype(name):
    return getattr(torch, name)


def activation(name):
    return getattr(F, name)


def describe():
    print("version", torch.__version__)
    return {"module": torch}
