"""torch.nn: embedding tables."""

import pytest
import torch
from flax import nnx
from rules.api import nn_embedding
from torch import nn

from tests.rules.compare import assert_same, to_jax
from tests.rules.layers import assert_layer, assert_state, load, variables

IDS = torch.tensor([[0, 2, 2], [4, 1, 0]])


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"padding_idx": 2},
        {"padding_idx": -1},
        {"scale_grad_by_freq": True},
        {"scale_grad_by_freq": True, "padding_idx": 0},
    ],
)
def test_embedding(options):
    ours = nn_embedding.Embedding(5, 3, **options, rngs=nnx.Rngs(0))
    theirs = nn.Embedding(5, 3, **options)
    assert ours.padding_idx == theirs.padding_idx
    assert_layer(ours, theirs, IDS)
    assert_layer(ours, theirs, torch.tensor(2))


@pytest.mark.parametrize("norm_type", [2.0, 1.0])
def test_embedding_shortens_long_rows(norm_type):
    ours = nn_embedding.Embedding(5, 3, max_norm=0.5, norm_type=norm_type, rngs=nnx.Rngs(0))
    theirs = nn.Embedding(5, 3, max_norm=0.5, norm_type=norm_type)
    load(ours, theirs)
    assert_same(ours(to_jax(IDS)), theirs(IDS))
    assert_state(ours, theirs)  # row 3 has not been looked up and keeps its length
    assert_layer(ours, theirs, IDS)


def test_embedding_padding_starts_as_zeros():
    ours = nn_embedding.Embedding(5, 3, padding_idx=1, rngs=nnx.Rngs(0))
    assert (ours.weight[1] == 0).all() and (ours.weight[0] != 0).any()


def test_embedding_is_nnx_embed():
    theirs, ours = nn.Embedding(5, 3), nn_embedding.embedding(5, 3, rngs=nnx.Rngs(0))
    assert isinstance(ours, nnx.Embed)
    ours.embedding[...] = to_jax(theirs.weight)
    assert_same(ours(to_jax(IDS)), theirs(IDS))
    assert_layer(
        nn_embedding.embedding(5, 3, padding_idx=2, rngs=nnx.Rngs(0)),
        nn.Embedding(5, 3, padding_idx=2),
        IDS,
    )


@pytest.mark.parametrize("freeze", [True, False])
def test_from_pretrained(freeze):
    table = torch.randn(5, 3)
    theirs = nn.Embedding.from_pretrained(table, freeze=freeze, padding_idx=2)
    ours = nn_embedding.from_pretrained(to_jax(table), freeze=freeze, padding_idx=2)
    assert_same(ours(to_jax(IDS)), theirs(IDS))
    assert isinstance(variables(ours)["weight"], nnx.Param) == theirs.weight.requires_grad


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
@pytest.mark.parametrize("options", [{}, {"padding_idx": 2}])
def test_embedding_bag(mode, options):
    ours = nn_embedding.EmbeddingBag(5, 3, mode=mode, **options, rngs=nnx.Rngs(0))
    theirs = nn.EmbeddingBag(5, 3, mode=mode, **options)
    assert_layer(ours, theirs, IDS)
    ids, offsets = torch.tensor([2, 1, 2, 4, 0, 2]), torch.tensor([0, 1, 1, 4])
    assert_layer(ours, theirs, ids, offsets)


def test_embedding_bag_with_last_offset_and_weights():
    options = {"mode": "sum", "include_last_offset": True}
    ours = nn_embedding.EmbeddingBag(5, 3, **options, rngs=nnx.Rngs(0))
    ids, offsets = torch.tensor([2, 1, 2, 4, 0, 2]), torch.tensor([0, 1, 4, 6])
    assert_layer(ours, nn.EmbeddingBag(5, 3, **options), ids, offsets, torch.randn(6))


def test_embedding_bag_shortens_long_rows():
    ours = nn_embedding.EmbeddingBag(5, 3, max_norm=0.5, rngs=nnx.Rngs(0))
    assert_layer(ours, nn.EmbeddingBag(5, 3, max_norm=0.5), IDS)
