import jax.numpy as jnp
from flax import nnx


class Net(nnx.Module):
    def __init__(self, width: int, *, rngs: nnx.Rngs):
        self.fc = nnx.Linear(width, 1, rngs=rngs)
        self.shift = nnx.Param(jnp.ones(1))

    def __call__(self, x):
        return self.fc(x)


class Scaled:
    """Calls the layers that the class beside it has."""

    deterministic = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.scale = 2.0

    def __call__(self, x, shift=None):
        if not self.deterministic and shift is not None:
            x = x + shift
        return self.scale * self.fc(x) + abs(self.shift[...])


class ScaledNet(Scaled, Net):
    def both(self, x, shift):
        return self(x, shift=shift)


class Path:
    def forward(self, x):
        return x


class Walk(Path):
    def twice(self, x):
        return self.forward(self.forward(x))
