from torch import nn


def start_at_zero(module):
    if isinstance(module, nn.Linear):
        nn.init.zeros_(module.bias)


class Net(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.fc = nn.Linear(width, 1)
        self.apply(start_at_zero)

    def forward(self, x):
        return self.fc(x)
