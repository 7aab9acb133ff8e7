"""torch.nn: the classes that layers without parameters have where code asks what is a module."""

from __future__ import annotations

import pytest
import torch
from flax import nnx
from rules.api import nn_activation_classes, nn_pool_classes
from torch import nn

from tests.rules.layers import assert_layer
from tojax.rules.index import rule_index

ARGUMENTS = {
    "Threshold": (0.1, 2.0), "GLU": (1,), "Softmax": (1,), "LogSoftmax": (1,), "Softmin": (1,),
    "Unflatten": (1, (2, 2)), "LocalResponseNorm": (3,), "Unfold": (2,), "Fold": ((3, 2), 1),
    "PixelShuffle": (2,), "PixelUnshuffle": (2,), "ChannelShuffle": (2,), "Upsample": (None, 2),
    "UpsamplingNearest2d": (None, 2), "UpsamplingBilinear2d": (None, 2),
}  # fmt: skip
BY_START = {
    "LPPool": (2, 2), "MaxPool": (2,), "AvgPool": (2,), "Adaptive": (2,), "ZeroPad": (1,),
    "ConstantPad": (1, 0.5), "ReflectionPad": (1,), "ReplicationPad": (1,), "CircularPad": (1,),
}  # fmt: skip
NAMES = sorted(name.removeprefix("torch.nn.") for name in rule_index().classes)


def _arguments(name: str) -> tuple[object, ...]:
    starts = [given for start, given in BY_START.items() if name.startswith(start)]
    return ARGUMENTS.get(name) or (starts[0] if starts else ())


def _made(name: str) -> nnx.Module:
    home = nn_activation_classes if hasattr(nn_activation_classes, name) else nn_pool_classes
    return getattr(home, name)(*_arguments(name))


@pytest.mark.parametrize("name", [n for n in NAMES if not n.startswith("MaxUnpool")])
def test_same_as_pytorch(name: str) -> None:
    shape = (2, 4, 4, 6, 4)[: 5 if name.endswith("3d") else 3 if name.endswith("1d") else 4]
    shape = (2, 4, 6) if name == "Fold" else shape
    layer, module = _made(name), getattr(nn, name)(*_arguments(name))
    assert isinstance(layer, nnx.Module)
    assert_layer(layer, module, torch.randn(shape), atol=1e-5)


def test_options_can_be_read_and_changed() -> None:
    layer, module = nn_activation_classes.LeakyReLU(0.1), nn.LeakyReLU(0.1)
    assert layer.negative_slope == module.negative_slope
    layer.negative_slope = module.negative_slope = 0.5
    assert_layer(layer, module, torch.randn(5))


@pytest.mark.parametrize("dims", [1, 2, 3])
def test_unpooling(dims: int) -> None:
    x = torch.randn(2, 3, *(4, 6, 4)[:dims])
    pooled, places = getattr(nn, f"MaxPool{dims}d")(2, return_indices=True)(x)
    layer = getattr(nn_pool_classes, f"MaxUnpool{dims}d")(2)
    assert_layer(layer, getattr(nn, f"MaxUnpool{dims}d")(2), pooled, places)
