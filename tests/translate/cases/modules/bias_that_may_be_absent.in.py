import torch
import torch.nn as nn


def exists(value):
    return value is not None


def start(model):
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            nn.init.ones_(layer.weight)
            if exists(layer.bias):
                nn.init.zeros_(layer.bias)


def total(layer: nn.Linear, x):
    return torch.sum(x @ layer.weight.T) + torch.sum(layer.bias)
