import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, tie, width=3):
        super().__init__()
        self.width = width
        self.emb = nn.Embedding(5, 3)
        if tie:
            self.to_logits = lambda x: torch.relu(x) @ self.emb.weight.t()
        else:
            self.to_logits = nn.Linear(3, 5)
        self.scale = lambda x: x * self.width

    def forward(self, x):
        return self.to_logits(self.scale(self.emb(x)))
