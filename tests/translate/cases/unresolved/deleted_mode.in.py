from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 2)
        del self.training

    def forward(self, x):
        return self.fc(x)
