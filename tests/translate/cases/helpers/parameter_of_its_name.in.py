import torch.nn.functional as F


def pad_left(t, pad, **options):
    return F.pad(t, (*pad, 0), **options)
