from flax import nnx


def doubled_in_training(method):
    def inner(self, x):
        y = method(self, x)
        return 2 * y if not self.deterministic else y

    return inner


class Net(nnx.Module):
    deterministic = False

    def __init__(self, *, rngs: nnx.Rngs):
        self.fc = nnx.Linear(4, 4, rngs=rngs)

    @doubled_in_training
    def __call__(self, x):
        return self.fc(x)
