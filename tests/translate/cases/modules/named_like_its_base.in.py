from torch.nn import Linear, Module


class Linear(Linear):
    def forward(self, x):
        return super().forward(x) + 1


class Module(Module):
    def __init__(self, width: int):
        super().__init__()
        self.fc = Linear(width, width)

    def forward(self, x):
        return self.fc(x)
