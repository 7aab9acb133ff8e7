from torch import nn


class Head(nn.Module):
    """Scores of tokens."""

    def __init__(self, width: int):
        super().__init__()
        self.embed = nn.Embedding(10, width)
        self.out = nn.Linear(width, 1, bias=False)

    def forward(self, x):
        # look up first
        return self.out(self.embed(x))
