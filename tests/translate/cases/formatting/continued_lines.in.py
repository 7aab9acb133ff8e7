import torch


def f(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    z = x.exp() + y.log()  # both
    return (
        z.sum(dim=1)  # over columns
        .mean()
    )
