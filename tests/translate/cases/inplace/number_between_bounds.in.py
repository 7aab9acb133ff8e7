import torch


def drop_paths(x, rate, training):
    assert 0 <= rate <= 1
    if not training:
        return x
    keep = 1 - rate
    mask = keep
    mask += torch.rand([x.shape[0], 1], dtype=x.dtype, device=x.device)
    return x / keep * torch.floor(mask)
