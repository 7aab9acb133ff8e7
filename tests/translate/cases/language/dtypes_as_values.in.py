import torch

WEIGHTS = {torch.float32: 1.0, torch.int64: 2.0}


def checked(x, idx):
    assert idx.dtype == torch.long, "indices must be int64"
    if x.dtype is torch.float16 or idx.dtype not in (torch.int64, torch.int32):
        x = x.type("torch.FloatTensor")
    if x.type() == "torch.HalfTensor":
        return x.type(torch.DoubleTensor)
    if x.type() != idx.data.type():
        x = x * 2
    return x.type(idx.type()) * WEIGHTS[x.dtype]


def named(x: torch.Tensor):
    return x.type()
