import torch
import torch.nn as nn


class Reconstruction(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = layers

    def forward(self, x, size):
        scores = torch.exp(x)
        for layer in self.layers:
            scores = layer.softmax(scores) + layer.norm(scores) + layer.expand(scores)
        for other in size.parts:
            scores = scores + other.softmax(-1) + other.max(scores)
        return scores
