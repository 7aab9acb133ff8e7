"""torch.nn: padding, shuffling and resizing."""

import pytest
import torch
from rules.api import nn_resize
from torch import nn

from tests.rules.layers import assert_layer


@pytest.mark.parametrize("dims", [1, 2, 3])
@pytest.mark.parametrize("family", ["Zero", "Constant", "Reflection", "Replication", "Circular"])
def test_pad(dims, family):
    x = torch.randn(2, 3, *(4, 5, 6)[:dims])
    value = (1.5,) if family == "Constant" else ()
    for padding in (2, (1, 0, 2, 1, 0, 3)[: 2 * dims]):
        ours = getattr(nn_resize, f"{family.lower()}_pad{dims}d_layer")(padding, *value)
        assert_layer(ours, getattr(nn, f"{family}Pad{dims}d")(padding, *value), x, gradients=False)


@pytest.mark.parametrize(
    "options",
    [
        {"scale_factor": 2},
        {"size": (7, 9)},
        {"scale_factor": 2, "mode": "bilinear"},
        {"scale_factor": (2, 1.5), "mode": "bilinear", "align_corners": True},
        {"size": 6, "mode": "bicubic"},
    ],
)
def test_upsample(options):
    x = torch.randn(2, 3, 4, 5)
    assert_layer(nn_resize.interpolate_layer(**options), nn.Upsample(**options), x, atol=1e-5)


def test_upsample_by_name():
    x = torch.randn(2, 3, 4, 5)
    nearest, bilinear = nn_resize.upsample_nearest_layer, nn_resize.upsample_bilinear_layer
    assert_layer(nearest(scale_factor=2), nn.UpsamplingNearest2d(scale_factor=2), x)
    assert_layer(bilinear(scale_factor=2), nn.UpsamplingBilinear2d(scale_factor=2), x, atol=1e-5)


def test_shuffles():
    x = torch.randn(2, 8, 4, 6)
    assert_layer(nn_resize.pixel_shuffle_layer(2), nn.PixelShuffle(2), x)
    assert_layer(nn_resize.pixel_unshuffle_layer(2), nn.PixelUnshuffle(2), x)
    assert_layer(nn_resize.channel_shuffle_layer(2), nn.ChannelShuffle(2), x)


def test_unfold_and_fold():
    x = torch.randn(2, 3, 6, 7)
    options = {"kernel_size": (2, 3), "dilation": 1, "padding": 1, "stride": 2}
    unfold = nn.Unfold(**options)
    assert_layer(nn_resize.unfold_layer(**options), unfold, x)
    assert_layer(nn_resize.fold_layer((6, 7), **options), nn.Fold((6, 7), **options), unfold(x))
