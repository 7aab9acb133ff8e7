from functools import partial

import torch
import torch.nn.functional as F

OPERATIONS = {"mean": torch.mean, "sum": torch.sum}


def joined(pairs):
    return map(partial(torch.cat, dim=-1), pairs)


def reduced(x, kind: str):
    return OPERATIONS[kind](x, dim=1)


def active(x, activation=F.relu):
    return activation(x), list(map(torch.sum, x))
