import torch
from torch import nn


def start(model: nn.Module) -> None:
    """Prepares a model."""
    print("first")

    model.cuda()

    # kept in place
    print("then")
    torch.cuda.empty_cache()


def stop() -> None:
    torch.cuda.empty_cache()


print("last")
