import torch
import torch.nn.functional as F
from torch import nn


class Box:
    def __init__(self, h):
        self.h = h

    def bump(self):
        self.h.add_(1)


def listed(x: torch.Tensor):
    h = x * 2
    kept = [h]
    h += 1
    return kept


def appended(layers, x: torch.Tensor):
    features = []
    for layer in layers:
        x = layer(x) + 1
        features.append(x)
        x.mul_(2)
    return features


def appended_last(layers, x: torch.Tensor):
    features = []
    for layer in layers:
        x = layer(x) + 1
        x.mul_(2)
        features.append(x)
    return features


def in_dict(x: torch.Tensor):
    t = torch.relu(x)
    d = {"a": t}
    t[0] = 1
    return d["a"]


def values(x: torch.Tensor):
    d = {"a": x}
    for value in d.values():
        value += 1
    return x


def in_object(x: torch.Tensor):
    box = Box(x)
    box.bump()
    return x


def items(x: torch.Tensor):
    xs = [x + 1, x + 2]
    xs[0] += 1
    xs[1].mul_(2)
    return xs


def two_names():
    a = b = torch.zeros(3)
    a[0] = 1
    return b


def swapped(x: torch.Tensor):
    a, b = x + 1, x + 2
    a, b = b, a
    a += 1
    return a, b


def columns(x: torch.Tensor):
    x = x * 2
    left, right = x[:, 0], x[:, 1]
    left += 1
    return left + right


def closure(x: torch.Tensor):
    def change():
        return x.mul_(2)

    y = change()
    return x, y


def flagged(x: torch.Tensor):
    y = F.leaky_relu(x, 0.5, True)
    return x + y


def data(x: torch.Tensor):
    pair = (x,)
    x.data = x + 1
    return pair


def operand(x: torch.Tensor):
    return [x, torch.relu_(x)]


def called(x: torch.Tensor):
    nn.ReLU(inplace=True)(x[0])
    return x


def back(x: torch.Tensor):
    x += 1
    x = x * 2


def calls_back(x: torch.Tensor):
    y = x + 1
    back(y)
    return y
