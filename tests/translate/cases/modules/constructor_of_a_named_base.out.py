from flax import nnx


class Net(nnx.Module):
    def __init__(self, width: int, *, rngs: nnx.Rngs):
        self.fc = nnx.Linear(width, 1, rngs=rngs)

    def __call__(self, x):
        return self.fc(x)


class Other(Net):
    def __init__(self, width: int, *, rngs: nnx.Rngs):
        Net.__init__(self, width, rngs=rngs)
        self.scale = 3.0


class Third(Net):
    def __init__(self, width: int, *, rngs: nnx.Rngs):
        super(Third, self).__init__(width, rngs=rngs)
