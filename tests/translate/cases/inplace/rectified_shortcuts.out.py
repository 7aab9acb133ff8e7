import functools

import jax
from flax import nnx


class Residual(nnx.Module):
    def __init__(self, width, hidden, *, rngs: nnx.Rngs):
        self.block = nnx.Sequential(
            jax.nn.relu,
            nnx.Linear(width, hidden, rngs=rngs),
            jax.nn.relu,
            nnx.Linear(hidden, width, rngs=rngs),
        )
        self.tail = nnx.Sequential(functools.partial(jax.nn.leaky_relu, negative_slope=0.1), nnx.Linear(width, width, rngs=rngs))
        self.twice = nnx.Sequential(
            jax.nn.relu, nnx.Dropout(0.1, rngs=rngs), nnx.Linear(width, width, rngs=rngs)
        )
        self.scale = nnx.Linear(width, width, rngs=rngs)

    def __call__(self, x):
        x = jax.nn.relu(x)
        return x + self.block(x)

    def shortcut(self, x):
        x = jax.nn.relu(x)
        out = self.block(x)
        out += self.scale(x)
        return out

    def computed_before(self, x):
        return self.scale(x) + self.block(x)

    def computed_after(self, x):
        x = jax.nn.relu(x)
        return self.block(x) + self.scale(x)

    def not_always(self, x, deep):
        return x + (self.block(x) if deep else x)  # TODO(tojax): TJ203 works in place: changes 'x' in place, which the same expression uses

    def another_layer(self, x):
        return x + self.tail(x)  # TODO(tojax): TJ203 works in place: changes 'x' in place, which the same expression uses

    def changed_once_more(self, x):
        return x + self.twice(x)  # TODO(tojax): TJ203 works in place: changes 'x' in place, which the same expression uses

    def another_name(self, x):
        kept = x
        return kept + self.block(x)  # TODO(tojax): TJ203 works in place: 'kept' shows the same memory, and is used again
