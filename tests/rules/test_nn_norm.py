"""torch.nn: normalisation layers."""

import pytest
import torch
from flax import nnx
from rules.api import nn_norm
from torch import nn

from tests.rules.compare import assert_same, to_jax
from tests.rules.layers import assert_layer, assert_state, load


def inputs(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0)) * 2 + 3


BATCH_NORMS = [
    (nn.BatchNorm1d, (4, 3)),
    (nn.BatchNorm1d, (4, 3, 5)),
    (nn.BatchNorm2d, (4, 3, 5, 2)),
    (nn.BatchNorm3d, (2, 3, 2, 2, 3)),
]


@pytest.mark.parametrize(("module", "shape"), BATCH_NORMS)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"momentum": None},
        {"momentum": 0.3, "eps": 1e-3},
        {"affine": False},
        {"track_running_stats": False},
        {"bias": False},
    ],
)
def test_batch_norm(module, shape, options):
    theirs, ours = module(3, **options), nn_norm.BatchNorm(3, **options)
    for seed in range(3):  # running statistics that are not their initial values
        theirs(inputs(*shape) + seed)
    assert_layer(ours, theirs, inputs(*shape))


def test_batch_norm_averages_over_batches_under_jit():
    theirs, ours = nn.BatchNorm2d(3, momentum=None), nn_norm.BatchNorm(3, momentum=None)
    load(ours, theirs)
    for scale in (1, 2, 5):
        x = inputs(4, 3, 2, 2) * scale
        assert_same(nnx.jit(lambda layer, x: layer(x))(ours, to_jax(x)), theirs(x), atol=1e-5)
    assert_state(ours, theirs)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("InstanceNorm1d", (2, 3, 5)),
        ("InstanceNorm1d", (3, 5)),
        ("InstanceNorm2d", (2, 3, 4, 5)),
        ("InstanceNorm2d", (3, 4, 5)),
        ("InstanceNorm3d", (2, 3, 2, 4, 2)),
    ],
)
@pytest.mark.parametrize(
    "options", [{}, {"affine": True}, {"track_running_stats": True, "affine": True}]
)
def test_instance_norm(name, shape, options):
    theirs, ours = getattr(nn, name)(3, **options), getattr(nn_norm, name)(3, **options)
    theirs(inputs(*shape))
    assert_layer(ours, theirs, inputs(*shape), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("shape", [5, (5,), (3, 5)])
@pytest.mark.parametrize("options", [{}, {"eps": 1e-2}, {"elementwise_affine": False}])
def test_layer_norm(shape, options):
    assert_layer(
        nn_norm.LayerNorm(shape, **options), nn.LayerNorm(shape, **options), inputs(2, 3, 5)
    )


def test_layer_norm_without_bias():
    assert_layer(nn_norm.LayerNorm(5, bias=False), nn.LayerNorm(5, bias=False), inputs(2, 3, 5))


def test_layer_norm_of_one_axis_is_nnx():
    layer = nn_norm.layer_norm_layer(5, rngs=nnx.Rngs(0))
    theirs = nn.LayerNorm(5)
    nn.init.normal_(theirs.weight), nn.init.normal_(theirs.bias)
    layer.scale[...], layer.bias[...] = to_jax(theirs.weight), to_jax(theirs.bias)
    assert isinstance(layer, nnx.LayerNorm)
    x = inputs(2, 5) + 1000  # a variance as mean of squares minus square of mean would be wrong
    assert_same(layer(to_jax(x)), theirs(x), rtol=1e-4)


def test_layer_norm_rule_options():
    layer = nn_norm.layer_norm_layer([5], 1e-3, elementwise_affine=False, rngs=nnx.Rngs(0))
    assert_same(layer(to_jax(inputs(2, 5))), nn.LayerNorm([5], 1e-3, False)(inputs(2, 5)))
    layer = nn_norm.layer_norm_layer((3, 5), rngs=nnx.Rngs(0))
    assert_layer(layer, nn.LayerNorm((3, 5)), inputs(2, 3, 5))


@pytest.mark.parametrize("shape", [5, (3, 5)])
@pytest.mark.parametrize("options", [{}, {"eps": 1e-2}, {"elementwise_affine": False}])
def test_rms_norm(shape, options):
    assert_layer(nn_norm.RMSNorm(shape, **options), nn.RMSNorm(shape, **options), inputs(2, 3, 5))


@pytest.mark.parametrize("shape", [(2, 6), (2, 6, 4), (2, 6, 3, 2)])
@pytest.mark.parametrize("options", [{}, {"eps": 1e-2}, {"affine": False}, {"bias": False}])
def test_group_norm(shape, options):
    theirs = nn.GroupNorm(3, 6, **options)
    assert_layer(nn_norm.GroupNorm(3, 6, **options), theirs, inputs(*shape), atol=1e-5)


@pytest.mark.parametrize("options", [{"size": 3}, {"size": 2, "alpha": 0.1, "beta": 0.5, "k": 2.0}])
def test_local_response_norm(options):
    layer = nn_norm.local_response_norm_layer(**options)
    assert_layer(layer, nn.LocalResponseNorm(**options), inputs(2, 5, 4, 3))
