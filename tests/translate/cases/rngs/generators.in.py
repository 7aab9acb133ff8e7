import torch
from torch import nn
from torch.utils.data import DataLoader, random_split


def one_expression():
    g = torch.Generator().manual_seed(0)
    return torch.randn(3, generator=g)


def two_statements(device, seed: int):
    g = torch.Generator(device=device)
    g.manual_seed(seed)
    first = torch.rand(2, 3, generator=g)
    return first + torch.normal(0.0, 1.0, (2, 3), generator=g)


def inline(n: int):
    return torch.randperm(n, generator=torch.Generator().manual_seed(0))


def handed_in(x: torch.Tensor, g: torch.Generator):
    return torch.rand_like(x) + x.new_empty(3).uniform_(generator=g)


def maybe_seeded(seed=None):
    g = torch.Generator()
    if seed is not None:
        g.manual_seed(seed)
    return torch.rand(2, generator=g)


def positional(w: torch.Tensor, g: torch.Generator):
    nn.init.orthogonal_(w, 1.0, g)
    return torch.poisson(w, g)


def loaders(dataset, g: torch.Generator):
    train, test = random_split(dataset, [3, 4], generator=torch.Generator().manual_seed(42))
    return DataLoader(train, batch_size=3, shuffle=True, generator=g), DataLoader(test)


class Noise:
    def __init__(self, seed: int):
        self.g = torch.Generator()
        self.g.manual_seed(seed)

    def __call__(self, n: int):
        return torch.randn(n, generator=self.g)


class Jitter(nn.Module):
    def forward(self, x: torch.Tensor, generator: torch.Generator | None = None):
        nn.init.orthogonal_(self.weight, generator=generator)
        return x + torch.randn(x.shape, generator=generator)
