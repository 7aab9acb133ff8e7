import torch
import torch.nn as nn
from torch.nn.utils import parametrize, remove_weight_norm, spectral_norm, weight_norm
from torch.nn.utils.parametrizations import orthogonal


def WNConv1d(*args, **kwargs):
    return weight_norm(nn.Conv1d(*args, **kwargs))


def init_weights(m):
    if isinstance(m, nn.Conv1d):
        m.weight.data.normal_(0.0, 0.01)


class Symmetric(nn.Module):
    def forward(self, X):
        return X.triu() + X.triu(1).mT


class Net(nn.Module):
    def __init__(self, channels, spectral=False):
        super().__init__()
        norm = spectral_norm if spectral else weight_norm
        self.post = norm(nn.Linear(channels, 2))
        self.body = nn.Sequential(WNConv1d(1, channels, kernel_size=3), nn.ReLU())
        self.blocks = nn.ModuleList(weight_norm(nn.Conv1d(channels, channels, 1)) for _ in range(2))
        self.blocks.apply(init_weights)
        self.mix = orthogonal(nn.Linear(channels, channels, bias=False), "weight")
        self.metric = nn.Linear(2, 2)
        parametrize.register_parametrization(self.metric, "weight", Symmetric())

    def forward(self, x):
        x = self.body(x)
        for block in self.blocks:
            x = x + block(x)
        with parametrize.cached():
            return self.metric(self.post(self.mix(x.mean(-1))))

    def fold(self):
        for block in self.blocks:
            remove_weight_norm(block)
        if parametrize.is_parametrized(self.metric):
            parametrize.remove_parametrizations(self.metric, "weight")
