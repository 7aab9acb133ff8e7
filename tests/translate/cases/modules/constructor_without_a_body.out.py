from flax import nnx


class Shift(nnx.Module):
    def __init__(self):
        pass

    def __call__(self, x):
        return x + 1
