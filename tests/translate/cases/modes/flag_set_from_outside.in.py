from torch import nn


class Head(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, width)

    def forward(self, x):
        y = self.fc(x)
        return y if self.training else y.sigmoid()


class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.head = Head(width)
        head = self.head
        if isinstance(head, Head):
            head.training = True

    def forward(self, x):
        return self.head(x)

    def fix(self):
        self.training = False
