import torch
from torch import nn


def predict(model: nn.Module, x: torch.Tensor) -> torch.Tensor:
    # nothing is learnt here
    with torch.no_grad():
        y = model(x)  # logits

        # of the last position
        return y[:, -1]
