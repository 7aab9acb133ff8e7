import torch


class Noise:
    @staticmethod
    def draw(n: int) -> torch.Tensor:
        return torch.randn(n, 2)


def sample(n: int) -> torch.Tensor:
    return Noise.draw(n)
