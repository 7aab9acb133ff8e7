"""torch.nn: multi-head attention."""

import pytest
import torch
from flax import nnx
from rules.api.nn_attention import MultiheadAttention
from torch import nn

from tests.rules.compare import assert_same, to_jax
from tests.rules.layers import assert_layer, load

CAUSAL = torch.triu(torch.ones(4, 4, dtype=torch.bool), 1)
PADDING = torch.tensor([[False, False, False, True], [False, False, True, True]])


def both(*args, **options):
    options = {"batch_first": True} | options
    torch.manual_seed(0)
    theirs = nn.MultiheadAttention(*args, **options)
    if theirs.in_proj_bias is not None:
        nn.init.normal_(theirs.in_proj_bias)  # PyTorch starts with zeros
    return MultiheadAttention(*args, **options, rngs=nnx.Rngs(0)), theirs


def self_attention(length=4):
    x = torch.randn(2, length, 6)
    return x, x, x


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"bias": False},
        {"add_bias_kv": True, "add_zero_attn": True},
        {"batch_first": False},
    ],
)
@pytest.mark.parametrize("need_weights", [True, False])
def test_attention(options, need_weights):
    assert_layer(*both(6, 2, **options), *self_attention(), need_weights=need_weights)


def test_other_keys_and_values():
    ours, theirs = both(6, 2, kdim=3, vdim=5)
    assert_layer(ours, theirs, torch.randn(2, 4, 6), torch.randn(2, 7, 3), torch.randn(2, 7, 5))


def test_weights_of_each_head():
    assert_layer(*both(6, 2), *self_attention(), average_attn_weights=False)


def test_unbatched():
    ours, theirs = both(6, 2)
    q, k = torch.randn(4, 6), torch.randn(5, 6)
    assert_layer(ours, theirs, q, k, k)
    assert_layer(ours, theirs, q, k, k, torch.tensor([False, True, False, False, True]))
    assert_layer(ours, theirs, q, k, k, attn_mask=torch.randn(2, 4, 5), need_weights=False)


MASKS = [
    {"attn_mask": CAUSAL},
    {"attn_mask": torch.zeros(4, 4).masked_fill(CAUSAL, float("-inf")), "is_causal": True},
    {"attn_mask": torch.randn(4, 4)},
    {"attn_mask": torch.randn(4, 4, 4)},
    {"key_padding_mask": PADDING},
    {"key_padding_mask": torch.zeros(2, 4).masked_fill(PADDING, float("-inf"))},
    {"attn_mask": CAUSAL, "key_padding_mask": PADDING},
]


@pytest.mark.parametrize("masks", MASKS)
@pytest.mark.parametrize("need_weights", [True, False])
def test_masks(masks, need_weights):
    assert_layer(*both(6, 2), *self_attention(), need_weights=need_weights, **masks)


def test_masks_do_not_cover_added_keys():
    ours, theirs = both(6, 2, add_bias_kv=True, add_zero_attn=True)
    assert_layer(ours, theirs, *self_attention(), attn_mask=CAUSAL, key_padding_mask=PADDING)


@pytest.mark.parametrize("need_weights", [True, False])
def test_query_without_keys(need_weights):
    everything = torch.ones(4, 4, dtype=torch.bool)
    options = {"attn_mask": everything, "need_weights": need_weights}
    assert_layer(*both(6, 2), *self_attention(), gradients=not need_weights, **options)


def test_dropout_drops_weights():
    ours, theirs = both(6, 2, dropout=1.0)
    load(ours, theirs)
    x = self_attention()
    ours.train(), theirs.train()
    assert_same(ours(*to_jax(list(x))), theirs(*x))


def test_attributes():
    ours, theirs = both(6, 2, dropout=0.1)
    for name in ("embed_dim", "num_heads", "head_dim", "kdim", "vdim", "dropout", "batch_first"):
        assert getattr(ours, name) == getattr(theirs, name)
