import torch.nn as nn


class Block(nn.Module):
    def __init__(self, size, norm="nn.LayerNorm", act="ReLU"):
        super().__init__()
        self.norm = eval(norm)(size)
        self.act = eval("nn." + act)()
        self.size = eval("size * 2")

    def forward(self, x):
        return self.act(self.norm(x))
