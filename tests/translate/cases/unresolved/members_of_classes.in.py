from functools import partial

import torch
from torch import nn


class Attend(nn.Module):
    def __init__(self):
        super().__init__()
        from torch.nn.attention import SDPBackend

        self.kernel = partial(torch.nn.attention.sdpa_kernel, [SDPBackend.MATH])
        self.scale = nn.Parameter(torch.ones(3))
        self.places = set()

    def forward(self, x):
        from torch.distributed import Backend

        with self.kernel():
            x = merge.add("b n, n -> b n", x, self.scale)
        return x, Backend.NCCL, list(map(torch.Tensor.sum, x))
