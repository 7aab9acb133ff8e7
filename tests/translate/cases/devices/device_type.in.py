import torch


def rotate(x, table, other):
    if x.device.type == "cuda":
        table = table * 2
    device = other.device
    if device.type in ("cpu", "mps"):
        table = table + 1
    if "cuda" != x.device.type:
        table = table + 2
    return torch.relu(x) * table, x.device.type


def parts(layers):
    device = layers[0].device
    return torch.cat([layer.to(device) for layer in layers])
