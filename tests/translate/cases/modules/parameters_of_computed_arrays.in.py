import torch
import torch.nn.functional as F
from torch import nn


# tojax: init=(4,) inputs=(float32[3, 4],)
class Net(nn.Module):
    def __init__(self, n: int):
        super().__init__()
        self.fc = nn.Linear(4, 4)
        self.w = nn.Parameter(torch.ones(n) * 2)

    def reset(self, n: int):
        scale = torch.full((n,), 0.5)
        self.w = nn.Parameter(torch.randn(n) * scale.sqrt() / n)

    def grow(self):
        with torch.no_grad():
            self.w = nn.Parameter(torch.cat([self.w, self.w]))

    def forward(self, x):
        y = self.fc(x)
        k = nn.Parameter(torch.outer(y.mean(0), y.mean(0)))
        z = nn.Parameter(y.detach())
        s = nn.Parameter(data=y)
        return F.linear(y, k) + z + s * self.w
