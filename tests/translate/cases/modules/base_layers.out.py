# part: user code
class Half(AvgPool2d):
    """Halves the height and the width."""

    def __init__(self):
        super().__init__(2)

    def __call__(self, x):
        return super().__call__(x) / self.kernel_size


class Dropout(nnx.Module):

    def __init__(self, p=0.5, inplace=False, *, rngs: nnx.Rngs):
        self.p = p
        self.inplace = inplace
        self.rngs = rngs
        self._layer = dropout_layer(p=p, inplace=inplace, rngs=rngs)

    def __call__(self, *inputs):
        return self._layer(*inputs)


class Drop(Dropout):
    def __call__(self, x):
        return super().__call__(x) + 1


class Net(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.half = Half()
        self.drop = Drop(0.1, rngs=rngs)

    def __call__(self, x):
        return self.drop(self.half(x))
