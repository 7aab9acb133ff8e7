from torch import nn


class Block(nn.Module):
    """A block."""

    scale: float = 2.0

    def __init__(self, width: int, *, bias: bool = True) -> None:
        super().__init__()
        self.fc = nn.Linear(width, width, bias=bias)

    def extra_repr(self) -> str:
        return f"scale={self.scale}"

    def forward(self, x):
        return self.scale * self.fc(x)
