import torch


def describe(x: torch.Tensor) -> str:
    """Uses torch.Tensor.size(), says the text 'import torch'."""
    text = 'torch.zeros(3)' "x.view(-1)"
    return f"{text}: {x.size(0)} rows of {x.shape[1]!r:>4}, {x.sum().item():.3f}"
