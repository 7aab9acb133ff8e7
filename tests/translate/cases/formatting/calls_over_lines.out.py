import jax.numpy as jnp
from flax import nnx


class Net(nnx.Module):
    def __init__(self, width: int, *, rngs: nnx.Rngs):
        self.first = nnx.Linear(
            width,  # in
            2 * width,  # out
            rngs=rngs,
        )
        self.table = {   'a' : 1,
                         'b' : 2 }

    def __call__(self, x, y):
        z = jnp.concatenate(
            [
                self.first(x),
                y,  # as it is
            ],
            axis=-1,
        )
        return z  +  1 ; # odd spacing
