import torch.nn as nn


def start(model: nn.Module):
    for m in model.modules():
        if hasattr(m, "weight") and hasattr(m.weight, "requires_grad"):
            m.weight.data.fill_(0.5)


class Scale(nn.Linear):
    def forward(self, x):
        if hasattr(self.bias, "data"):
            x = x + self.bias
        return x * 2 if hasattr(x, "shape") else x
