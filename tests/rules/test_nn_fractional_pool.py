"""Fractional max pooling."""

import jax.numpy as jnp
import numpy as np
import pytest
import torch
from flax import nnx
from rules.api import nn_fractional_pool
from torch import nn

from tests.rules.compare import assert_same, to_jax
from tests.rules.gradients import assert_gradient

CASES = [
    (2, (2, 3, 9, 8), 2, {"output_ratio": (0.6, 0.7)}),
    (2, (3, 9, 8), (3, 2), {"output_size": (4, 5)}),
    (2, (1, 1, 5, 5), 3, {"output_size": 1}),
    (3, (2, 3, 7, 6, 8), 2, {"output_ratio": (0.5, 0.6, 0.7)}),
    (3, (3, 7, 6, 8), (2, 3, 1), {"output_size": (4, 3, 6)}),
]


@pytest.mark.parametrize(("rank", "shape", "window", "options"), CASES)
def test_same_windows_as_pytorch(rank, shape, window, options):
    x = torch.randn(shape)
    samples = torch.rand(1 if len(shape) == rank + 1 else shape[0], shape[-rank - 1], rank)
    name = f"fractional_max_pool{rank}d"
    theirs = getattr(nn.functional, name)
    ours = getattr(nn_fractional_pool, name)
    options = {**options, "_random_samples": samples}
    expected = theirs(x, window, **options, return_indices=True)
    got = ours(to_jax(x), window, **to_jax(options), return_indices=True, rngs=nnx.Rngs(0))
    assert_same(got, expected)

    def rule(x, window, **options):
        return ours(x, window, **options, rngs=nnx.Rngs(0))

    assert_gradient(rule, theirs, x, window, **options)


def test_a_layer_draws_new_windows_for_each_call():
    layer = nn_fractional_pool.FractionalMaxPool2d(2, output_ratio=0.7, rngs=nnx.Rngs(0))
    x = jnp.asarray(np.random.default_rng(0).normal(size=(1, 2, 20, 20)))
    first, second = layer(x), layer(x)
    assert first.shape == second.shape == (1, 2, 14, 14)
    assert not jnp.array_equal(first, second)
