"""torch.nn: linear layers and layers that only reshape."""

import pytest
import torch
from flax import nnx
from rules.api import nn_linear
from torch import nn

from tests.rules.compare import assert_same, to_jax
from tests.rules.layers import assert_layer


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(4,), (2, 4), (2, 3, 4)])
def test_linear(bias, shape):
    ours = nn_linear.Linear(4, 5, bias, rngs=nnx.Rngs(0))
    assert_layer(ours, nn.Linear(4, 5, bias), torch.randn(shape))


@pytest.mark.parametrize("bias", [True, False])
def test_linear_is_nnx_linear(bias):
    theirs, ours = nn.Linear(4, 5, bias), nn_linear.linear(4, 5, bias, rngs=nnx.Rngs(0))
    ours.kernel[...] = to_jax(theirs.weight).T
    if bias:
        ours.bias[...] = to_jax(theirs.bias)
    assert isinstance(ours, nnx.Linear)
    x = torch.randn(2, 4)
    assert_same(ours(to_jax(x)), theirs(x))


@pytest.mark.parametrize("bias", [True, False])
def test_bilinear(bias):
    ours = nn_linear.Bilinear(3, 4, 5, bias, rngs=nnx.Rngs(0))
    theirs = nn.Bilinear(3, 4, 5, bias)
    assert_layer(ours, theirs, torch.randn(2, 6, 3), torch.randn(2, 6, 4))


def test_identity():
    assert_layer(nn_linear.identity(3, key=1), nn.Identity(), torch.randn(2, 3))


@pytest.mark.parametrize("args", [(), (0,), (2,), (1, 2), (-3, -2), (0, -1)])
@pytest.mark.parametrize("shape", [(2, 3, 4, 5), (0, 3, 4, 5)])
def test_flatten(args, shape):
    assert_layer(nn_linear.flatten(*args), nn.Flatten(*args), torch.randn(shape), gradients=False)


@pytest.mark.parametrize("args", [(1, (2, 3)), (-1, (2, -1)), (0, (1, 2))])
def test_unflatten(args):
    assert_layer(nn_linear.unflatten(*args), nn.Unflatten(*args), torch.randn(2, 6, 4))
