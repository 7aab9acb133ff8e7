import jax
from flax import nnx


class Outer(nnx.Module):
    class F(nnx.Module):
        def __call__(self, x):
            return x + 1

    def __init__(self):
        self.inner = self.F()

    def __call__(self, x):
        return jax.nn.relu(self.inner(x))
