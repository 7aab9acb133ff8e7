import jax
import jax.numpy as jnp
from flax import nnx


class Block(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.fc = nnx.Linear(4, 4, rngs=rngs)
        self.act = jax.nn.relu
        self.inner = Inner()

    def __call__(self, x):
        x = self.fc(
            x,  # features
        )
        return self.inner(input=self.act(self.fc(jnp.concatenate((x, x), axis=1))))


class Inner(nnx.Module):
    def __call__(self, input):
        return input + 1
