import jax
import jax.numpy as jnp
from flax import nnx


def halves(x):
    first, second = jnp.split(x, 2)
    first.mul_(2)  # TODO(tojax): TJ203 writes through a view of 'x', which is used again
    return x, second


def second_name(x):
    y = x
    y += 1
    return x + y


def older_view(x):
    flat = x.reshape(-1)
    x += 1  # TODO(tojax): TJ203 'flat' shows the same memory, and is used again
    return flat


def row(x: jax.Array, i: int):
    r = x[i]
    r[0] = 1.0  # TODO(tojax): TJ203 writes through a view of 'x', which is used again
    return x


def apart(x):
    y = x
    x = jax.nn.relu(x)
    x += 1
    first, second = jnp.split(x, 2)
    first += 1
    return first + second + y


class Cache(nnx.Module):
    def __init__(self):
        self.keys = nnx.Variable(jnp.zeros((4, 4)))
        self.last = jnp.zeros(4)

    def __call__(self, x):
        keys = self.keys
        keys[0] = x
        flat = self.keys[...].reshape(-1)
        flat[15] = 7.0  # TODO(tojax): TJ203 writes through a view of 'self.keys', which is used again
        last = self.last
        last = last.at[0].set(1.0)
        self.last = last
        return self.keys[...] + last
