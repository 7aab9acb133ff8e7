import torch.nn as nn
from elsewhere import make


class Block(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.norm = nn.LayerNorm(size)
        self.expand = nn.Linear(size, size)


class Net(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.blocks = nn.ModuleList()
        for _ in range(3):
            self.blocks.append(Block(size))
        self.unknown = nn.ModuleList(make(size) for _ in range(2))
        self.levels = nn.ModuleList()
        for _ in range(2):
            level = nn.Module()
            level.norm = nn.LayerNorm(size)
            self.levels.append(level)

    def forward(self, x):
        for block, level in zip(self.blocks, self.levels):
            x = level.norm(block.expand(block.norm(x)))
        return self.unknown[0].norm(x) + x.norm()
