from contextlib import nullcontext

import torch


def total(x, options, tracked):
    context = torch.enable_grad if tracked else nullcontext
    with context():
        y = torch.relu(x).sum(-1, **options)
    dtype = options["dtype"]
    return y, other(x).to(dtype)
