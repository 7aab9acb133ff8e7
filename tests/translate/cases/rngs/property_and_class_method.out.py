import jax.numpy as jnp
from flax import nnx


class Net(nnx.Module):
    def __init__(self, width: int, *, rngs: nnx.Rngs):
        self.fc = nnx.Linear(width, width, rngs=rngs)

    @classmethod
    def small(cls, *, rngs: nnx.Rngs):
        return cls(2, rngs=rngs)

    def __call__(self, x):
        return self.fc(x)


def demo(*, rngs: nnx.Rngs):
    return Net.small(rngs=rngs)(jnp.ones((1, 2)))
