from functools import partial
import contextlib

import jax.numpy as jnp
from flax import nnx


def sdpa_kernel(backends, set_priority=False):
    """Nothing to choose: XLA takes the kernel itself."""
    return contextlib.nullcontext()


class Attend(nnx.Module):
    def __init__(self):

        self.kernel = partial(sdpa_kernel, ["MATH"])
        self.scale = nnx.Param(jnp.ones(3))
        self.places = set()

    def __call__(self, x):
        from torch.distributed import Backend  # TODO(tojax): TJ200 still needed by what is unresolved

        with self.kernel():
            x = merge.add("b n, n -> b n", x, self.scale[...])
        return x, Backend.NCCL, list(map(jnp.sum, x))  # TODO(tojax): TJ201 torch.distributed.Backend.NCCL: one program sees all devices: shard arrays over a jax.sharding.Mesh, see shard_map
