from flax import nnx


class Block(nnx.Module):
    def __init__(self, width, *, rngs: nnx.Rngs):
        self.fc = nnx.Linear(width, width, rngs=rngs)

    def __call__(self, x):
        return self.fc(x)


class Net(nnx.Module):
    def __init__(self, width, depth, *, rngs: nnx.Rngs):
        self.first = Block(width, rngs=rngs)
        self.rest = nnx.List(Block(width, rngs=rngs) for _ in range(depth))

    def __call__(self, x):
        x = self.first(x)
        for block in self.rest:
            x = block(x)
        return x
