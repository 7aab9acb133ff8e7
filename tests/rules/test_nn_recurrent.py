"""torch.nn: recurrent layers and cells, and sequences of different lengths."""

import jax
import jax.numpy as jnp
import pytest
import torch
from flax import nnx
from rules.api import nn_recurrent, nn_rnn_utils
from torch import nn
from torch.nn.utils import rnn

from tests.rules.compare import assert_same, to_jax
from tests.rules.layers import assert_layer, load


def both(name, *args, **options):
    ours = getattr(nn_recurrent, name)(*args, **options, rngs=nnx.Rngs(0))
    return ours, getattr(nn, name)(*args, **options)


def initial(name, *shape, projected=None):
    h = torch.randn(*shape[:-1], projected or shape[-1])
    return (h, torch.randn(*shape)) if name == "LSTM" else h


@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"bias": False, "batch_first": True},
        {"num_layers": 2, "bidirectional": True, "batch_first": True},
    ],
)
def test_recurrent(name, options):
    ours, theirs = both(name, 3, 4, **options)
    assert_layer(ours, theirs, torch.randn(2, 5, 3))
    states = options.get("num_layers", 1) * (2 if options.get("bidirectional") else 1)
    x = torch.randn(2, 5, 3)
    batch = 2 if options.get("batch_first") else 5
    assert_layer(ours, theirs, x, initial(name, states, batch, 4), gradients=False)
    assert_layer(ours, theirs, x[0], gradients=False)
    assert_layer(ours, theirs, x[0], initial(name, states, 4), gradients=False)


def test_rnn_with_relu():
    assert_layer(*both("RNN", 3, 4, 2, "relu"), torch.randn(5, 2, 3))


@pytest.mark.parametrize("bidirectional", [False, True])
def test_lstm_with_projection(bidirectional):
    ours, theirs = both("LSTM", 3, 4, 2, proj_size=2, bidirectional=bidirectional)
    assert_layer(ours, theirs, torch.randn(5, 2, 3))
    hx = initial("LSTM", 4 if bidirectional else 2, 2, 4, projected=2)
    assert_layer(ours, theirs, torch.randn(5, 2, 3), hx, gradients=False)


def test_dropout_between_layers_only_in_training():
    ours, theirs = both("GRU", 3, 4, 2, dropout=1.0)
    load(ours, theirs)
    x = torch.randn(5, 2, 3)
    ours.eval(), theirs.eval()
    assert_same(ours(to_jax(x)), theirs(x))
    ours.train(), theirs.train()  # the second layer sees nothing but zeros
    assert_same(ours(to_jax(x)), theirs(x))


def test_recurrent_attributes():
    ours, theirs = both("LSTM", 3, 4, 2, bidirectional=True, dropout=0.5)
    for name in ("input_size", "hidden_size", "num_layers", "bias", "batch_first", "dropout"):
        assert getattr(ours, name) == getattr(theirs, name)
    assert ours.bidirectional == theirs.bidirectional


@pytest.mark.parametrize("name", ["RNNCell", "LSTMCell", "GRUCell"])
@pytest.mark.parametrize("bias", [True, False])
def test_cells(name, bias):
    ours, theirs = both(name, 3, 4, bias)
    hx = initial(name.removesuffix("Cell"), 2, 4)
    assert_layer(ours, theirs, torch.randn(2, 3))
    assert_layer(ours, theirs, torch.randn(3))
    assert_layer(ours, theirs, torch.randn(2, 3), hx)


def test_rnn_cell_with_relu():
    assert_layer(*both("RNNCell", 3, 4, nonlinearity="relu"), torch.randn(2, 3))


LENGTHS = torch.tensor([3, 5, 1])


@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("batch_first", [True, False])
def test_packed_sequences(name, batch_first):
    ours, theirs = both(name, 3, 4, 2, bidirectional=True, batch_first=batch_first)
    load(ours, theirs)
    x = torch.randn(3, 6, 3) if batch_first else torch.randn(6, 3, 3)

    def run(layer, utils, x, lengths):
        packed = utils.pack_padded_sequence(x, lengths, batch_first, enforce_sorted=False)
        packed, states = layer(packed)
        outputs, lengths = utils.pad_packed_sequence(packed, batch_first, padding_value=-1.0)
        return outputs, lengths, states

    expected = run(theirs, rnn, x, LENGTHS)
    assert_same(run(ours, nn_rnn_utils, to_jax(x), to_jax(LENGTHS)), expected)


def test_packed_sequences_under_jit():
    ours, theirs = both("LSTM", 3, 4)
    load(ours, theirs)
    x = torch.randn(6, 3, 3)

    @nnx.jit
    def run(layer, x, lengths):
        packed, _ = layer(nn_rnn_utils.pack_padded_sequence(x, lengths))
        return nn_rnn_utils.pad_packed_sequence(packed, total_length=6)[0]

    packed, _ = theirs(rnn.pack_padded_sequence(x, LENGTHS, enforce_sorted=False))
    expected, _ = rnn.pad_packed_sequence(packed, total_length=6)
    assert_same(run(ours, to_jax(x), to_jax(LENGTHS)), expected)


@pytest.mark.parametrize("total_length", [None, 5, 8])
def test_pad_packed_sequence(total_length):
    x = torch.randn(6, 3, 2)
    packed = rnn.pack_padded_sequence(x, LENGTHS, enforce_sorted=False)
    expected = rnn.pad_packed_sequence(packed, total_length=total_length)
    packed = nn_rnn_utils.pack_padded_sequence(to_jax(x), [3, 5, 1])
    actual = nn_rnn_utils.pad_packed_sequence(packed, total_length=total_length)
    assert_same(actual, expected)


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("shape", [(), (2,)])
def test_pad_sequence(side, batch_first, shape):
    rows = [torch.randn(length, *shape) for length in (2, 4, 1)]
    expected = rnn.pad_sequence(rows, batch_first, padding_value=7.0, padding_side=side)
    actual = nn_rnn_utils.pad_sequence(to_jax(rows), batch_first, 7.0, side)
    assert_same(actual, expected)
    if side == "right":
        lengths = torch.tensor([2, 4, 1])
        assert_same(
            nn_rnn_utils.unpad_sequence(actual, to_jax(lengths), batch_first),
            rnn.unpad_sequence(expected, lengths, batch_first),
        )


def test_pack_sequence():
    rows = [torch.randn(length, 3) for length in (5, 3, 1)]
    ours, theirs = both("GRU", 3, 4)
    load(ours, theirs)
    packed, state = theirs(rnn.pack_sequence(rows))
    outputs, our_state = ours(nn_rnn_utils.pack_sequence(to_jax(rows)))
    assert_same(our_state, state)
    assert_same(nn_rnn_utils.pad_packed_sequence(outputs), rnn.pad_packed_sequence(packed))


def test_padding_gets_no_gradient():
    layer = nn_recurrent.GRU(3, 4, bidirectional=True, rngs=nnx.Rngs(0))

    def total(x):
        outputs, state = layer(nn_rnn_utils.pack_padded_sequence(x, [3, 5, 1]))
        return outputs.padded.sum() + state.sum()

    gradient = jax.grad(total)(jnp.ones((6, 3, 3)))
    for row, length in enumerate((3, 5, 1)):
        assert (gradient[length:, row] == 0).all() and (gradient[:length, row] != 0).any()
