from collections import OrderedDict

import jax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, width: int, *, rngs: nnx.Rngs):
        self.body = nnx.Sequential(
            nnx.Linear(4, width, rngs=rngs),
            jax.nn.relu,
            nnx.Linear(width, 1, rngs=rngs),  # scores
        )

    def __call__(self, x):
        return self.body(x)
