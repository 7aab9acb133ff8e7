from functools import partial

import jax.numpy as jnp
from flax import nnx


class Schedule(nnx.Module):
    def __init__(self, betas):
        register = lambda name, value: setattr(self, name, nnx.Variable(value.astype(jnp.float32)))
        register("betas", betas)
        again = lambda name, tensor, persistent=True: setattr(self, name, nnx.Variable(tensor, persistent=persistent))
        again("gammas", jnp.sqrt(betas))
        hidden = partial(lambda name, tensor, persistent=True: setattr(self, name, nnx.Variable(tensor, persistent=persistent)), persistent=False)
        hidden("deltas", jnp.exp(betas))

    def __call__(self, x):
        return x * self.betas[...] + jnp.sum(self.gammas[...]) * self.deltas[...]
