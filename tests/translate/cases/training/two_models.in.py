import torch
from torch import nn


def fit(encoder: nn.Module, critic: nn.Module, loader) -> None:
    first = torch.optim.Adam(encoder.parameters(), lr=1e-3)
    second = torch.optim.Adam(critic.parameters(), lr=1e-4)
    for x in loader:
        first.zero_grad()
        reconstruction = (encoder(x) - x).abs().mean()
        reconstruction.backward()
        first.step()

        second.zero_grad()
        score = critic(x).mean()
        score.backward()
        second.step()
        print(reconstruction.item(), score.item())
