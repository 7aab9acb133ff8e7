"""torch.nn: layers that start anew."""

import numpy as np
import pytest
from flax import nnx
from rules.api import nn_conv, nn_embedding, nn_linear, nn_norm, nn_recurrent, nn_reset
from torch import nn

from tests.rules.layers import variables

DRAWN = [
    (nn_linear.Linear, nn.Linear, (200, 300), nn_reset.reset_layer),
    (nn_conv.Conv1d, nn.Conv1d, (40, 60, 5), nn_reset.reset_layer),
    (nn_conv.Conv2d, nn.Conv2d, (40, 60, 3), nn_reset.reset_layer),
    (nn_conv.ConvTranspose2d, nn.ConvTranspose2d, (40, 60, 3), nn_reset.reset_transposed),
    (nn_embedding.Embedding, nn.Embedding, (100, 80, 1), nn_reset.reset_embedding),
    (nn_recurrent.LSTM, nn.LSTM, (60, 40, 2), nn_reset.reset_recurrent),
    (nn_recurrent.GRUCell, nn.GRUCell, (60, 40), nn_reset.reset_recurrent),
]
CONSTANT = [
    (nn_norm.BatchNorm2d(5), nn_reset.reset_running_norm),
    (nn_norm.InstanceNorm1d(5, affine=True), nn_reset.reset_running_norm),
    (nn_norm.LayerNorm(5), nn_reset.reset_scale_and_shift),
    (nn_norm.GroupNorm(5, 10), nn_reset.reset_scale_and_shift),
    (nn_norm.RMSNorm(5), nn_reset.reset_scale),
]


def assert_same_distribution(found, wanted) -> None:
    found, wanted = np.asarray(found), np.asarray(wanted)
    assert np.isclose(found.mean(), wanted.mean(), atol=0.5 * wanted.std())
    assert np.isclose(found.std(), wanted.std(), rtol=0.3)


@pytest.mark.parametrize(("ours", "theirs", "sizes", "reset"), DRAWN)
def test_parameters_are_drawn_as_by_the_constructor(ours, theirs, sizes, reset):
    layer, fresh = ours(*sizes, rngs=nnx.Rngs(0)), variables(ours(*sizes, rngs=nnx.Rngs(0)))
    for variable in variables(layer).values():
        variable[...] = variable[...] + 7
    reset(layer, rngs=nnx.Rngs(1))
    for name, variable in variables(layer).items():
        assert_same_distribution(variable[...], fresh[name][...])
        assert not np.any(variable[...]) or (variable[...] != fresh[name][...]).any()


@pytest.mark.parametrize(("ours", "theirs", "sizes", "reset"), DRAWN[:-2])
def test_parameters_are_drawn_like_those_of_pytorch_if_wanted(ours, theirs, sizes, reset):
    layer = ours(*sizes, rngs=nnx.Rngs(0))
    reset(layer, init="torch", rngs=nnx.Rngs(1))
    for name, value in theirs(*sizes).state_dict().items():
        assert_same_distribution(variables(layer)[name][...], value)


@pytest.mark.parametrize(("layer", "reset"), CONSTANT)
def test_scales_shifts_and_statistics_start_anew(layer, reset):
    fresh = {name: np.asarray(variable[...]) for name, variable in variables(layer).items()}
    for variable in variables(layer).values():
        variable[...] = variable[...] + 7
    reset(layer)
    for name, variable in variables(layer).items():
        assert (np.asarray(variable[...]) == fresh[name]).all(), name


def test_the_vector_for_padding_stays_zeros():
    layer = nn_embedding.Embedding(5, 3, padding_idx=1, rngs=nnx.Rngs(0))
    nn_reset.reset_embedding(layer, rngs=nnx.Rngs(1))
    assert (layer.weight[1] == 0).all() and (layer.weight[0] != 0).any()


def test_layers_without_a_bias_a_scale_or_statistics():
    layer = nn_linear.Linear(2, 3, bias=False, rngs=nnx.Rngs(0))
    nn_reset.reset_layer(layer, rngs=nnx.Rngs(1))
    assert layer.bias is None
    nn_reset.reset_running_norm(nn_norm.BatchNorm1d(3, affine=False))
    nn_reset.reset_running_norm(nn_norm.BatchNorm1d(3, track_running_stats=False))
    nn_reset.reset_scale(nn_norm.RMSNorm(3, elementwise_affine=False))


def test_running_statistics_alone():
    layer = nn_norm.BatchNorm1d(3)
    layer.weight[...] = layer.weight[...] + 1
    layer.running_var[...] = layer.running_var[...] + 1
    nn_reset.reset_running_stats(layer)
    assert (layer.running_var[...] == 1).all() and (layer.weight[...] == 2).all()
