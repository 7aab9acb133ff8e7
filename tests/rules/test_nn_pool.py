"""torch.nn: pooling."""

import pytest
import torch
from rules.api import nn_pool
from torch import nn

from tests.rules.layers import assert_layer


def image(dims):
    return torch.randn(2, 3, *(7, 8, 6)[:dims])


CASES = [
    ("max_pool", "MaxPool", {"kernel_size": 2}),
    ("max_pool", "MaxPool", {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    ("max_pool", "MaxPool", {"kernel_size": 2, "return_indices": True}),
    ("avg_pool", "AvgPool", {"kernel_size": 2}),
    ("avg_pool", "AvgPool", {"kernel_size": 3, "stride": 2, "padding": 1}),
    ("avg_pool", "AvgPool", {"kernel_size": 3, "padding": 1, "count_include_pad": False}),
    ("lp_pool", "LPPool", {"norm_type": 2, "kernel_size": 2}),
    ("adaptive_avg_pool", "AdaptiveAvgPool", {"output_size": 1}),
    ("adaptive_avg_pool", "AdaptiveAvgPool", {"output_size": 3}),
    ("adaptive_max_pool", "AdaptiveMaxPool", {"output_size": 3}),
]


@pytest.mark.parametrize("dims", [1, 2, 3])
@pytest.mark.parametrize(("name", "module", "options"), CASES)
def test_pool(dims, name, module, options):
    ours = getattr(nn_pool, f"{name}{dims}d_layer")(**options)
    theirs = getattr(nn, f"{module}{dims}d")(**options)
    assert_layer(ours, theirs, image(dims), gradients=dims == 2, atol=1e-5)


@pytest.mark.parametrize("dims", [1, 2, 3])
def test_max_unpool(dims):
    pooled, places = getattr(nn, f"MaxPool{dims}d")(2, return_indices=True)(image(dims))
    ours = getattr(nn_pool, f"max_unpool{dims}d_layer")(2)
    assert_layer(ours, getattr(nn, f"MaxUnpool{dims}d")(2), pooled, places, gradients=False)


def test_options_by_position():
    args = (3, 2, 1, 1, False, True)
    assert_layer(nn_pool.max_pool2d_layer(*args), nn.MaxPool2d(*args), image(2), gradients=False)
    args = (3, 2, 1, True, False)
    assert_layer(nn_pool.avg_pool2d_layer(*args), nn.AvgPool2d(*args), image(2), gradients=False)
