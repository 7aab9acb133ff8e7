"""torch.nn: convolutions."""

import pytest
import torch
from flax import nnx
from rules.api import nn_conv
from torch import nn

from tests.rules.compare import assert_same, to_jax
from tests.rules.layers import assert_layer, load

SIZES = (9, 8, 7)


def both(name, *args, **options):
    return getattr(nn_conv, name)(*args, **options, rngs=nnx.Rngs(0)), getattr(nn, name)(
        *args, **options
    )


@pytest.mark.parametrize("dims", [1, 2, 3])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"stride": 2, "padding": 1, "bias": False},
        {"padding": 2, "dilation": 2, "groups": 2},
        {"padding": "same"},
        {"padding": 2, "padding_mode": "reflect"},
    ],
)
def test_conv(dims, options):
    ours, theirs = both(f"Conv{dims}d", 4, 6, 3, **options)
    assert_layer(ours, theirs, torch.randn(2, 4, *SIZES[:dims]), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
@pytest.mark.parametrize("padding", [(2, 1), "same", "valid"])
def test_padding_modes(mode, padding):
    ours, theirs = both("Conv2d", 2, 3, (4, 3), padding=padding, padding_mode=mode)
    assert_layer(ours, theirs, torch.randn(2, 2, 6, 7), gradients=False, atol=1e-5)


def test_conv_options_per_axis():
    ours, theirs = both("Conv2d", 2, 3, (3, 2), (2, 1), (1, 0), (1, 2))
    assert_layer(ours, theirs, torch.randn(2, 2, 6, 7), rtol=1e-4, atol=1e-5)
    assert (ours.kernel_size, ours.stride) == (theirs.kernel_size, theirs.stride)
    assert (ours.padding, ours.dilation) == (theirs.padding, theirs.dilation)


@pytest.mark.parametrize("dims", [1, 2, 3])
def test_conv_of_one_sample(dims):
    ours, theirs = both(f"Conv{dims}d", 4, 6, 3)
    assert_layer(ours, theirs, torch.randn(4, *SIZES[:dims]), gradients=False, atol=1e-5)


@pytest.mark.parametrize("dims", [1, 2, 3])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"stride": 2, "padding": 1, "output_padding": 1, "bias": False},
        {"stride": 3, "dilation": 2, "groups": 2},
    ],
)
def test_conv_transpose(dims, options):
    ours, theirs = both(f"ConvTranspose{dims}d", 4, 6, 3, **options)
    x = torch.randn(2, 4, *(4, 3, 2)[:dims])
    assert_layer(ours, theirs, x, rtol=1e-4, atol=1e-5)


def test_conv_transpose_to_output_size():
    ours, theirs = both("ConvTranspose2d", 2, 3, 3, stride=2, padding=1)
    load(ours, theirs)
    x = torch.randn(1, 2, 4, 5)
    for size in ([8, 10], [7, 9], [1, 3, 8, 9]):
        assert_same(ours(to_jax(x), size), theirs(x, output_size=size), atol=1e-5)
