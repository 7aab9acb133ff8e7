from torch import nn


class Base(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, width)

    def forward(self, x):
        return self.fc(x)


class Residual(Base):
    def __init__(self, width, scale=0.5):
        super().__init__(width)
        self.scale = scale

    def forward(self, x):
        return x + self.scale * super().forward(x)
