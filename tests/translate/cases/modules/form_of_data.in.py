import torch
from torch import nn


# tojax: init=() inputs=(float32[3, 4],)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Linear(4, 4)
        self.register_parameter("v", None)
        w = nn.Parameter(torch.randn(4))
        self.register_parameter("w", w)
        self.register_parameter("u", nn.Parameter(w.data + 1))

    def forward(self, x):
        n = x.data.size(0) + x.data.dim() + self.w.data.shape[0]
        h, w = x.data.size()
        return self.c(x) * self.w * self.u / n + h * w * x.data
