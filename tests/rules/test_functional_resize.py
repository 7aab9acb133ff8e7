"""torch.nn.functional: padding, shuffling, resizing and sampling."""

import pytest
import torch
import torch.nn.functional as F
from rules.api import functional_grid as grid
from rules.api import functional_resize as rules

from tests.rules.compare import assert_rule, assert_same, to_jax
from tests.rules.functional import assert_agrees, normal, uniform

SIZES = (5, 6, 7)


@pytest.mark.parametrize("mode", ["constant", "reflect", "replicate", "circular"])
@pytest.mark.parametrize("sizes", [(2, 1), (1, 2, 3, 0), (-1, 2, 2, -2), [-1, -1, 0, 0, 1, 1]])
def test_pad(mode, sizes):
    if mode == "constant":
        assert_agrees(rules.pad, F.pad, normal(2, 3, 4, 5), sizes, value=1.5)
        assert_rule(rules.pad, F.pad, torch.arange(24).reshape(2, 3, 4), sizes)
    else:
        x = normal(2, 3, *SIZES[: len(sizes) // 2])
        assert_agrees(rules.pad, F.pad, x, sizes, mode)


def test_replicate_after_cropping_everything():
    assert_rule(rules.pad, F.pad, normal(1, 1, 4), (-4, 5), "replicate")


def test_shuffles():
    assert_agrees(rules.pixel_shuffle, F.pixel_shuffle, normal(2, 18, 2, 4), 3)
    assert_agrees(rules.pixel_unshuffle, F.pixel_unshuffle, normal(2, 2, 6, 9), 3)
    assert_rule(rules.pixel_shuffle, F.pixel_shuffle, normal(4, 2, 2), 2)
    assert_rule(rules.pixel_unshuffle, F.pixel_unshuffle, normal(4, 2, 2), 2)
    assert_agrees(rules.channel_shuffle, F.channel_shuffle, normal(2, 6, 3, 2), 3)


@pytest.mark.parametrize(
    ("mode", "rank"),
    [
        ("nearest", 1),
        ("nearest", 2),
        ("nearest-exact", 2),
        ("nearest", 3),
        ("linear", 1),
        ("bilinear", 2),
        ("trilinear", 3),
        ("bicubic", 2),
        ("area", 2),
    ],
)
@pytest.mark.parametrize(
    "options",
    [
        {"size": 10},
        {"size": 3},
        {"size": 1},
        {"scale_factor": 2},
        {"scale_factor": 0.6},
        {"scale_factor": 1.7, "recompute_scale_factor": True},
    ],
)
def test_interpolate(mode, rank, options):
    x = normal(2, 3, *SIZES[:rank])
    assert_agrees(rules.interpolate, F.interpolate, x, mode=mode, **options)
    if "linear" in mode or mode == "bicubic":
        options = {"mode": mode, "align_corners": True, **options}
        exact = F.interpolate(x.double(), **options).float()
        assert_same(rules.interpolate(to_jax(x), **options), exact)


def test_interpolate_by_axis_and_upsample():
    x = normal(1, 2, 4, 5)
    assert_rule(rules.interpolate, F.interpolate, x, size=(7, 3))
    assert_rule(rules.interpolate, F.interpolate, x, scale_factor=(1.5, 2.0), mode="bilinear")
    assert_rule(rules.upsample_nearest, F.interpolate, x, scale_factor=3)
    assert_rule(
        rules.upsample_bilinear,
        lambda x, size: F.interpolate(x, size, mode="bilinear", align_corners=True),
        x,
        (6, 9),
    )


@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
@pytest.mark.parametrize("align_corners", [False, True])
@pytest.mark.parametrize("options", [{"size": (3, 9)}, {"scale_factor": (0.4, 1.7)}])
def test_interpolate_without_aliasing(mode, align_corners, options):
    options = {"mode": mode, "align_corners": align_corners, "antialias": True, **options}
    assert_agrees(rules.interpolate, F.interpolate, normal(2, 3, 8, 7), **options)


@pytest.mark.parametrize("align_corners", [False, True])
def test_affine_grid(align_corners):
    for size in [(2, 1, 3, 4), (2, 1, 1, 5), (2, 1, 2, 3, 4)]:
        theta = normal(2, len(size) - 2, len(size) - 1)
        assert_agrees(grid.affine_grid, F.affine_grid, theta, size, align_corners=align_corners)


@pytest.mark.parametrize("mode", ["bilinear", "nearest", "bicubic"])
@pytest.mark.parametrize("padding_mode", ["zeros", "border", "reflection"])
@pytest.mark.parametrize("align_corners", [False, True])
def test_grid_sample(mode, padding_mode, align_corners):
    options = {"mode": mode, "padding_mode": padding_mode, "align_corners": align_corners}
    x, places = normal(2, 3, 4, 5), uniform(2, 6, 3, 2) * 5 - 2.5
    assert_agrees(grid.grid_sample, F.grid_sample, x, places, **options)
    if mode != "bicubic":
        x, places = normal(1, 2, 3, 4, 5), uniform(1, 2, 3, 2, 3) * 5 - 2.5
        assert_agrees(grid.grid_sample, F.grid_sample, x, places, **options)
