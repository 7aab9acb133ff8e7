import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm


def freeze_norms(model):
    for m in model.modules():
        if isinstance(m, (_BatchNorm, nn.SyncBatchNorm)):
            m.eval()


def count(model):
    convs = sum(isinstance(m, nn.modules.conv._ConvNd) for m in model.modules())
    dense = sum(type(m) is nn.Linear for m in model.modules())
    norms = sum(isinstance(m, nn.modules.instancenorm._InstanceNorm) for m in model.modules())
    return convs, dense, norms, [m for m in model.modules() if type(m) in (nn.Linear, nn.Conv1d)]


def without_dropout(model):
    for m in model.modules():
        if isinstance(m, nn.modules.dropout._DropoutNd):
            m.p = 0.0
    return model


def dtype_of(value):
    return value if isinstance(value, torch.dtype) else value.dtype


class Head(nn.Module):
    def __init__(self, width, classes):
        super().__init__()
        self.fc = nn.Linear(width, classes) if classes else nn.Identity()

    def forward(self, x):
        if isinstance(self.fc, nn.Identity):
            return x
        return self.fc(x)


def activations(model):
    return sum(isinstance(m, nn.ReLU) for m in model.modules())


def kinds(model):
    return [isinstance(m, nn.BatchNorm1d) for m in model.modules()]


def norm(width):
    return nn.BatchNorm2d(width)
