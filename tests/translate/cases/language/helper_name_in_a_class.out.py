# part: user code
def _split(x):
    return x


class Halves(nnx.Module):
    def __call__(self, x, size):
        return _split_2(_split(x), size, 1)
