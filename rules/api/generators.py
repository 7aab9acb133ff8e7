"""torch.Generator: streams of keys that are handed to what draws."""

import jax
import jax.numpy as jnp
from flax import nnx

from tojax.rules.api import torch_api


@torch_api("torch.Generator")
def generator(device=None) -> nnx.Rngs:
    """A stream of keys; PyTorch's too begins from a seed that is always the same."""
    return nnx.Rngs(0)


@torch_api("torch.Generator.manual_seed")
def manual_seed(self: nnx.Rngs, seed) -> nnx.Rngs:
    """Let a stream begin anew, wherever else it is used, as `nnx.Rngs(seed)` does."""
    self.default.key.set_value(jax.random.key(seed))
    self.default.count.set_value(jnp.zeros((), jnp.uint32))
    return self
