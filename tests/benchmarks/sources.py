"""PyTorch source of any length, made up for measurements: every class has a name of its own."""

from __future__ import annotations

HEAD = """\
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

SCALE = 0.5
"""

_LAYER = '''\


class Layer{n}(nn.Module):
    """Layer number {n}."""

    def __init__(self, width={width}, heads=4, dropout=0.1):
        super().__init__()
        self.width = width
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width, bias=False)
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("mask", torch.tril(torch.ones(64, 64)))

    def attend(self, q, k, v):
        scores = q @ k.transpose(-2, -1) / math.sqrt(self.width)
        scores = scores.masked_fill(self.mask[: q.size(1), : q.size(1)] == 0, -1e9)
        return self.dropout(F.softmax(scores, dim=-1)) @ v

    def forward(self, x):
        batch, length, width = x.shape
        y = self.norm(x)
        y = self.attend(self.query(y), self.key(y), self.value(y))
        y = y * {n}.5 + SCALE
        y[:, 0] = 0.0
        if width > 8:
            y = torch.relu(y)
        return x + y.view(batch, length, width)


def loss{n}(output: torch.Tensor, target: torch.Tensor):
    error = (output - target).pow(2).mean(dim=1)
    weight = torch.exp(-error) * {n}.25
    return (error * weight).sum()
'''

_LARGE = """\


class Large(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.first = nn.Linear(width, width)
{layers}
    def forward(self, x):
        y = torch.relu(self.first(x)) * 0.5
{steps}        return y.mean(dim=-1)
"""
_STEPS = 30


def large_class() -> str:
    """A class of about a hundred lines."""
    layers = "".join(f"        self.linear{n} = nn.Linear(width, width)\n" for n in range(_STEPS))
    steps = "".join(
        f"        y = y + torch.tanh(self.linear{n}(y)) * {n}.5\n"
        f"        y = F.gelu(y - y.mean(dim=-1, keepdim=True))\n"
        for n in range(_STEPS)
    )
    return _LARGE.format(layers=layers, steps=steps)


def torch_source(lines: int, first: int = 0) -> str:
    """A text of about so many lines, with one `large_class` in the middle if there is room.

    Args:
        lines: how many.
        first: the number of the first class, by which texts differ.
    """
    parts = [HEAD]
    count = HEAD.count("\n")
    number, has_large = first, lines < 500
    while count < lines:
        if not has_large and count >= lines // 2:
            part, has_large = large_class(), True
        else:
            part = _LAYER.format(n=number, width=16 + number % 7)
            number += 1
        parts.append(part)
        count += part.count("\n")
    return "".join(parts)
