"""torch.nn: transformer layers and stacks of them."""

import jax
import jax.numpy as jnp
import pytest
import torch
from flax import nnx
from rules.api import nn_transformer
from torch import nn

from tests.rules.compare import assert_same, to_jax
from tests.rules.layers import assert_layer, load

SIZES = {"d_model": 6, "nhead": 2, "dim_feedforward": 8, "dropout": 0.0}
CAUSAL = nn.Transformer.generate_square_subsequent_mask(4)
PADDING = torch.zeros(2, 4).masked_fill(torch.tensor([[0, 0, 0, 1], [0, 0, 1, 1]]) == 1, -torch.inf)


def both(name, **options):
    ours = getattr(nn_transformer, name)(**SIZES, **options, rngs=nnx.Rngs(0))
    return ours, getattr(nn, name)(**SIZES, **options)


OPTIONS = [
    {"batch_first": True},
    {"batch_first": True, "norm_first": True, "activation": "gelu", "layer_norm_eps": 1e-3},
    {"bias": False},
]


@pytest.mark.parametrize("options", OPTIONS)
def test_encoder_layer(options):
    ours, theirs = both("TransformerEncoderLayer", **options)
    shape = (2, 4, 6) if options.get("batch_first") else (4, 2, 6)
    assert_layer(ours, theirs, torch.randn(shape), atol=1e-5)
    x = torch.randn(shape)
    assert_layer(ours, theirs, x, CAUSAL, is_causal=True, gradients=False, atol=1e-5)
    assert_layer(ours, theirs, x, CAUSAL, PADDING, gradients=False, atol=1e-5)


@pytest.mark.parametrize("options", OPTIONS)
def test_decoder_layer(options):
    ours, theirs = both("TransformerDecoderLayer", **options)
    shape = (2, 4, 6) if options.get("batch_first") else (4, 2, 6)
    tgt, memory = torch.randn(shape), torch.randn(shape)
    assert_layer(ours, theirs, tgt, memory, atol=1e-5)
    masks = {
        "tgt_mask": CAUSAL,
        "memory_mask": torch.randn(4, 4),
        "tgt_key_padding_mask": PADDING,
        "memory_key_padding_mask": PADDING,
    }
    assert_layer(ours, theirs, tgt, memory, **masks, gradients=False, atol=1e-5)


def test_activation_function():
    ours = nn_transformer.TransformerEncoderLayer(**SIZES, activation=jnp.tanh, rngs=nnx.Rngs(0))
    theirs = nn.TransformerEncoderLayer(**SIZES, activation=torch.tanh)
    assert_layer(ours, theirs, torch.randn(4, 2, 6), gradients=False, atol=1e-5)


def test_encoder():
    layer, their_layer = both("TransformerEncoderLayer", batch_first=True)
    ours = nn_transformer.TransformerEncoder(layer, 2, norm=nn_transformer.LayerNorm(6))
    theirs = nn.TransformerEncoder(their_layer, 2, norm=nn.LayerNorm(6), enable_nested_tensor=False)
    x = torch.randn(2, 4, 6)
    assert_layer(ours, theirs, x, atol=1e-5)
    assert_layer(ours, theirs, x, CAUSAL, gradients=False, atol=1e-5)


def test_layers_of_an_encoder_start_equal_but_drop_out_independently():
    layer = nn_transformer.TransformerEncoderLayer(6, 2, 8, 0.5, rngs=nnx.Rngs(0))
    one, two = nn_transformer.TransformerEncoder(layer, 2).layers
    assert (one.linear1.weight[...] == two.linear1.weight[...]).all()
    one.linear1.weight[...] = one.linear1.weight[...] + 1
    assert (one.linear1.weight[...] != two.linear1.weight[...]).all()
    x = jnp.ones((50, 6))
    assert ((one.dropout(x) == 0) != (two.dropout(x) == 0)).any()


def test_decoder():
    layer, their_layer = both("TransformerDecoderLayer")
    ours = nn_transformer.TransformerDecoder(layer, 2)
    theirs = nn.TransformerDecoder(their_layer, 2)
    assert_layer(ours, theirs, torch.randn(4, 2, 6), torch.randn(3, 2, 6), atol=1e-5)


def test_transformer():
    ours, theirs = both("Transformer", num_encoder_layers=1, num_decoder_layers=2, batch_first=True)
    src, tgt = torch.randn(2, 5, 6), torch.randn(2, 4, 6)
    assert_layer(ours, theirs, src, tgt, rtol=1e-4, atol=1e-5)
    assert_layer(ours, theirs, src, tgt, tgt_mask=CAUSAL, gradients=False, atol=1e-5)


def test_dropout_in_training():
    options = {**SIZES, "dropout": 1.0}
    ours = nn_transformer.TransformerEncoderLayer(**options, rngs=nnx.Rngs(0))
    theirs = nn.TransformerEncoderLayer(**options)
    load(ours, theirs)
    x = torch.randn(4, 2, 6)
    ours.train(), theirs.train()
    assert_same(ours(to_jax(x)), theirs(x))


def test_subsequent_mask():
    assert_same(nn_transformer.generate_square_subsequent_mask(4), CAUSAL)
    assert_same(nn_transformer.Transformer.generate_square_subsequent_mask(4), CAUSAL)
    assert nn_transformer.generate_square_subsequent_mask(4, dtype=jnp.bfloat16).dtype == (
        jax.dtypes.bfloat16
    )
