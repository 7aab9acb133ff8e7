# part: user code
class Layer(nnx.Module):
    def __init__(self, width, *, rngs: nnx.Rngs):
        self.fc = nnx.Linear(width, width, rngs=rngs)
        self.drop = nnx.Dropout(0.5, rngs=rngs)

    def __call__(self, x):
        return x + self.drop(self.fc(x))


class Block(nnx.Module):
    def __init__(self, layer, head):
        self.layer = layer
        self.head = head

    def __call__(self, x):
        return self.head(self.layer(x))


def _get_clones(module, n):
    return nnx.List([clone_layer(module) for _ in range(n)])


# tojax: init=() inputs=(float32[3, 4],)
class Net(nnx.Module):
    def __init__(self, n=2, *, rngs: nnx.Rngs):
        layer = Layer(4, rngs=rngs)
        head = nnx.Linear(4, 4, rngs=rngs)
        self.layers = _get_clones(layer, n)
        self.heads = nnx.List([copy.deepcopy(head) for _ in range(n)])
        self.first = clone_layer(layer)
        self.average = copy.deepcopy(layer)
        self.average.eval()

    def __call__(self, x):
        x = self.first(x)
        for layer, head in zip(self.layers, self.heads):
            x = head(layer(x))
        return x


def snapshot(layer: Layer):
    return copy.deepcopy(layer)


def stacked(n: int, *, rngs: nnx.Rngs):
    c = copy.deepcopy
    layer, head = Layer(4, rngs=rngs), nnx.Linear(4, 4, rngs=rngs)
    return nnx.Sequential(*[Block(clone_layer(layer), c(head)) for _ in range(n)])
