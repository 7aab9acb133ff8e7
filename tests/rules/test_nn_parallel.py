"""torch.nn: one model on several devices."""

import subprocess
import sys

import torch
from flax import nnx
from rules.api.nn_linear import Linear
from rules.api.nn_parallel import DataParallel
from torch import nn

from tests.process import environment
from tests.rules.layers import assert_layer


def test_on_one_device_it_is_the_model_inside():
    """State and results are PyTorch's, which has no GPU here either."""
    ours = DataParallel(Linear(3, 2, rngs=nnx.Rngs(0)))
    assert_layer(ours, nn.DataParallel(nn.Linear(3, 2)), torch.randn(4, 3))


_ON_TWO_DEVICES = """
import jax, jax.numpy as jnp, numpy as np
from flax import nnx
from rules.api.nn_linear import Linear
from rules.api.nn_parallel import DataParallel

inner = Linear(3, 2, rngs=nnx.Rngs(0))
seen = []

class Watched(nnx.Module):
    def __init__(self):
        self.inner = inner

    def __call__(self, x, mask=None, factors=()):
        seen.append([len(part.sharding.device_set) for part in (x, mask, *factors)])
        return self.inner(x) * factors[0]

for dim, shape in ((0, (4, 3)), (0, (3, 3)), (1, (3, 4, 3))):
    x = jnp.arange(float(np.prod(shape))).reshape(shape)
    model = DataParallel(Watched(), dim=dim)
    y = model(x, mask=x > 2, factors=[jnp.float32(2.0)])
    assert np.allclose(y, 2 * inner(x), rtol=1e-6)
    loss = lambda model: model(x, mask=x > 2, factors=[jnp.float32(2.0)]).sum()
    grads = jax.tree.leaves(nnx.grad(loss)(model))
    wanted = jax.tree.leaves(nnx.grad(lambda inner: (2 * inner(x)).sum())(inner))
    assert all(np.allclose(a, b, rtol=1e-6) for a, b in zip(grads, wanted, strict=True))
DataParallel(Watched(), device_ids=[1])(jnp.ones((4, 3)), jnp.ones(4), [jnp.ones(())])
print(seen[0], seen[2], seen[4], seen[6])
"""


def test_batches_are_shared_out_over_the_devices():
    """Where their size allows; what has no batch axis stays whole."""
    run = subprocess.run(
        [sys.executable, "-c", _ON_TWO_DEVICES],
        env=environment(XLA_FLAGS="--xla_force_host_platform_device_count=2"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.strip() == "[2, 2, 1] [1, 1, 1] [2, 2, 1] [1, 1, 1]", run.stderr
