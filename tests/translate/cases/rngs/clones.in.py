import copy

from torch import nn


class Layer(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, width)
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        return x + self.drop(self.fc(x))


class Block(nn.Module):
    def __init__(self, layer, head):
        super().__init__()
        self.layer = layer
        self.head = head

    def forward(self, x):
        return self.head(self.layer(x))


def _get_clones(module, n):
    return nn.ModuleList([copy.deepcopy(module) for _ in range(n)])


# tojax: init=() inputs=(float32[3, 4],)
class Net(nn.Module):
    def __init__(self, n=2):
        super().__init__()
        layer = Layer(4)
        head = nn.Linear(4, 4)
        self.layers = _get_clones(layer, n)
        self.heads = nn.ModuleList([copy.deepcopy(head) for _ in range(n)])
        self.first = copy.deepcopy(layer)
        self.average = copy.deepcopy(layer)
        self.average.eval()

    def forward(self, x):
        x = self.first(x)
        for layer, head in zip(self.layers, self.heads):
            x = head(layer(x))
        return x


def snapshot(layer: Layer):
    return copy.deepcopy(layer)


def stacked(n: int):
    c = copy.deepcopy
    layer, head = Layer(4), nn.Linear(4, 4)
    return nn.Sequential(*[Block(c(layer), c(head)) for _ in range(n)])
