import jax
from flax import nnx


class Head(nnx.Module):
    deterministic = False

    def __init__(self, width, *, rngs: nnx.Rngs):
        self.fc = nnx.Linear(width, width, rngs=rngs)

    def __call__(self, x):
        y = self.fc(x)
        return y if not self.deterministic else jax.nn.sigmoid(y)


class Net(nnx.Module):
    deterministic = False

    def __init__(self, width, *, rngs: nnx.Rngs):
        self.head = Head(width, rngs=rngs)
        head = self.head
        if isinstance(head, Head):
            head.deterministic = not True

    def __call__(self, x):
        return self.head(x)

    def fix(self):
        self.deterministic = not False
