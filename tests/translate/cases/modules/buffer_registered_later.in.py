import torch
from torch import nn


class Bias(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("bias", None, persistent=False)
        self.register_buffer("unused", None)

    def forward(self, x):
        if self.bias is not None:
            return x + self.bias
        self.register_buffer("bias", torch.ones(x.shape[-1]), persistent=False)
        return x + self.bias
