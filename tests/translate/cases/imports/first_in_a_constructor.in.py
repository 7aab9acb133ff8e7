import torch.nn as nn


class Net(nn.Module):
    def __init__(self, size):
        super().__init__()
        try:
            from torch.nn import Linear
        except BaseException as error:
            raise ImportError("an old PyTorch") from error
        self.fc = Linear(size, size)
        self.start()

    def start(self):
        from torch.nn import init

        init.uniform_(self.fc.weight)

    def forward(self, x):
        from torch import nn

        return nn.functional.dropout(self.fc(x), 0.5, self.training)


class Plain(nn.Module):
    def __init__(self, size):
        super().__init__()
        from torch.nn import Linear

        self.fc = Linear(size, size)
        self.start()

    def start(self):
        nn.init.uniform_(self.fc.weight)
