import torch
from torch import nn


def top(model, x, k):
    out = model(x)
    out = out[:, -1] / k
    out[out < 0] = 0
    out[:, 3] += 1
    a, b = model(x)
    a[..., 0] = b
    return out, a


class Net(nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body = body

    def forward(self, x):
        features, weights = self.body(x)
        weights[weights > 1] = 1
        features[0] = features[1]
        return features, weights


def of_others(model, table, x):
    found = model(x)
    found["loss"] = 0
    found[0] = 1
    scores = model(x).cpu().numpy()
    scores[scores < 0] = 0
    table[table < 0] = 0
    return found, scores
