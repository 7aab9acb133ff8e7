import torch
import torch.nn as nn


class Weighted(nn.Module):
    def __init__(self, alpha=None, gamma=2):
        super().__init__()
        self.gamma = gamma
        self.alpha = alpha
        if isinstance(alpha, float):
            self.alpha = torch.tensor([alpha, 1 - alpha])

    def forward(self, x):
        return x**self.gamma if self.alpha is None else x**self.gamma * self.alpha
