import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self, p: float = 0.1):
        super().__init__()
        self.drop = nn.Dropout(p)

    def forward(self, x):
        """Drops some of x."""
        return self.drop(x)
