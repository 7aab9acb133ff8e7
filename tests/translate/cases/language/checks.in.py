import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.add_module("norm", nn.LayerNorm(4)),
        self.add_module(name="fc", module=nn.Linear(4, 4))

        def rescale(weight, depth):
            weight.div_(2.0 * depth)

        rescale(self.fc.weight.data, 2)

    def forward(self, x):
        torch._assert(x.ndim == 2, f"bad {x.shape}")
        if hasattr(torch, "_foreach_copy_"):
            torch._foreach_copy_([x], [x])
        else:
            x = x + 0
        return self.fc(self.norm(x))
