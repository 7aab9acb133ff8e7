import torch
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 8)

    def forward(self, x, targets=None, cache=False):
        logits = self.fc(x)
        loss = None if targets is None else (logits - targets).mean()
        if cache:
            return logits, loss, [x]
        return logits, loss

    @torch.no_grad()
    def generate(self, x, least):
        logits, _ = self(x)
        logits = logits[:, -1, :] / 0.5
        logits[logits < least] = -float("Inf")
        return logits

    @torch.no_grad()
    def resume(self, x, least):
        logits, _, past = self(x, cache=True)
        logits = logits[:, -1, :]
        logits[logits < least] = -float("Inf")
        return logits, past
