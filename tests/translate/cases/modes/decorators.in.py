import torch
from torch import nn


@torch.no_grad()
def predict(model: nn.Module, x: torch.Tensor) -> torch.Tensor:
    model.eval()
    return model(x)


class Sampler:
    @staticmethod
    @torch.inference_mode()
    def draw(model: nn.Module, x: torch.Tensor) -> torch.Tensor:
        return model(x)
