import jax
import jax.numpy as jnp
from torch import nn  # TODO(tojax): TJ200 still needed by what is unresolved


class Box:
    def __init__(self, h):
        self.h = h

    def bump(self):
        self.h = self.h + 1


def listed(x: jax.Array):
    h = x * 2
    kept = [h]
    h += 1  # TODO(tojax): TJ203 'kept' shows the same memory, and is used again
    return kept


def appended(layers, x: jax.Array):
    features = []
    for layer in layers:
        x = layer(x) + 1
        features.append(x)
        x.mul_(2)  # TODO(tojax): TJ203 'features' shows the same memory, and is used again
    return features


def appended_last(layers, x: jax.Array):
    features = []
    for layer in layers:
        x = layer(x) + 1
        x = x * 2
        features.append(x)
    return features


def in_dict(x: jax.Array):
    t = jax.nn.relu(x)
    d = {"a": t}
    t[0] = 1  # TODO(tojax): TJ203 'd' shows the same memory, and is used again
    return d["a"]


def values(x: jax.Array):
    d = {"a": x}
    for value in d.values():
        value += 1  # TODO(tojax): TJ203 changes what the loop takes from 'd.values()' in place
    return x


def in_object(x: jax.Array):
    box = Box(x)
    box.bump()  # TODO(tojax): TJ203 bump changes an array: writes through a view of 'x', which is used again
    return x


def items(x: jax.Array):
    xs = [x + 1, x + 2]
    xs[0] += 1
    xs[1] = xs[1] * 2
    return xs


def two_names():
    a = b = jnp.zeros(3)
    a[0] = 1  # TODO(tojax): TJ203 'b' shows the same memory, and is used again
    return b


def swapped(x: jax.Array):
    a, b = x + 1, x + 2
    a, b = b, a
    a += 1
    return a, b


def columns(x: jax.Array):
    x = x * 2
    left, right = x[:, 0], x[:, 1]
    left += 1
    return left + right


def closure(x: jax.Array):
    def change():
        return x.mul_(2)  # TODO(tojax): TJ203 changes 'x', which is not the function's own

    y = change()
    return x, y


def flagged(x: jax.Array):
    y = x = jnp.where(x > 0, x, 0.5 * x)
    return x + y


def data(x: jax.Array):
    pair = (x,)
    x.data = x + 1  # TODO(tojax): TJ203 'pair' shows the same memory, and is used again
    return pair


def operand(x: jax.Array):
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    return [x, torch.relu_(x)]  # TODO(tojax): TJ203 changes 'x' in place, which the same expression uses


def called(x: jax.Array):
    jax.nn.relu(x[0])  # TODO(tojax): TJ203 works in place: writes through a view of 'x', which is used again
    return x


def back(x: jax.Array):
    x += 1
    x = x * 2


def calls_back(x: jax.Array):
    y = x + 1
    back(y)  # TODO(tojax): TJ203 back changes 'y' in place; let it return the new value, and bind that
    return y
