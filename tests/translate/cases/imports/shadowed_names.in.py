from torch import nn
import torch.nn.functional as F


def shape(x):
    B, F = x.shape
    return B * F


class Net(nn.Module):
    def forward(self, x):
        nn = x + 1
        return nn
