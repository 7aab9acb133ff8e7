import torch
from torch import nn

from elsewhere import encode, read


def mixed(text, x):
    left, right = encode(x).split(4, dim=1)
    first, second = encode(x).split([3, 5])
    words = read(text).split(",")
    order = encode(x).sort(descending=True)[1]
    names = sorted(read(text))
    names.sort(reverse=True)
    ends = (encode(x) == 1).all(dim=-1).long()
    placed = encode(x).to(left.device, left.dtype)
    typed = encode(x).type(left.dtype)
    return left, right, first, second, words, order, names, ends, placed, typed


def elements(x):
    return torch.relu(x).shape[1:].numel()


def layers(model):
    return [m for m in model.modules() if isinstance(m, nn.Linear)]
