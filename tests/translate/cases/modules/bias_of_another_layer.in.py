import torch
import torch.nn as nn


class Head(nn.Module):
    def __init__(self, hidden, vocabulary):
        super().__init__()
        self.decoder = nn.Linear(hidden, vocabulary, bias=False)
        self.bias = nn.Parameter(torch.zeros(vocabulary))
        self.decoder.bias = self.bias

    def forward(self, x):
        return self.decoder(x)
