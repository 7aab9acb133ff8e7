import torch


def first(x: torch.Tensor, mode: str):
    if torch.jit.is_scripting():
        y = x.undefined()
    elif mode == "double":
        y = x * 2
    else:
        y = x
    return y


def middle(x: torch.Tensor, mode: str):
    if mode == "double":
        y = x * 2
    elif torch.jit.is_scripting():
        y = x
    elif mode == "half":
        y = x / 2
    else:
        y = x
    return y


def otherwise(x: torch.Tensor):
    if torch.jit.is_scripting():
        return x
    else:
        # the usual way
        return x + 1
