import torch


def sample(seed: int) -> torch.Tensor:
    torch.manual_seed(seed)
    return torch.rand(2, 2)
