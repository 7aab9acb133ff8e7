from flax import nnx


class Small(nnx.Module):
    def __init__(self, width, *, rngs: nnx.Rngs):
        self.fc = nnx.Linear(width, 1, rngs=rngs)


class Big(nnx.Module):
    def __init__(self, width, *, rngs: nnx.Rngs):
        self.fc = nnx.Linear(width, 9, rngs=rngs)


MODELS = {"small": Small, "big": Big}


def build(name: str, width: int, *, rngs: nnx.Rngs):
    return MODELS[name](width, rngs=rngs)
