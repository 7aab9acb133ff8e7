import jax
import jax.numpy as jnp
from flax import nnx


class Net(nnx.Module):
    def __init__(self):
        self.scale = nnx.Param(jnp.ones(4))

    def __call__(self, x):
        return self.scale[...] * x


net = Net()
print(net(jnp.ones((1, 4))).shape)


class Net(nnx.Module):
    def __init__(self, n, *, rngs: nnx.Rngs):
        self.one = nnx.Linear(4, n, rngs=rngs)
        self.two = nnx.Linear(n, 2, rngs=rngs)

    def __call__(self, x):
        return self.two(jax.nn.relu(self.one(x)))


rngs = nnx.Rngs(0)
net = Net(3, rngs=rngs)
print(net(jnp.ones((1, 4))).shape)


def smaller(*, rngs: nnx.Rngs):
    class Net(nnx.Module):
        def __init__(self, *, rngs: nnx.Rngs):
            self.only = nnx.Linear(4, 1, rngs=rngs)

        def __call__(self, x):
            return self.only(x)

    return Net(rngs=rngs)


print(smaller(rngs=rngs)(jnp.ones((1, 4))).shape)
