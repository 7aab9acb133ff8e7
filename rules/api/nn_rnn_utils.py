"""torch.nn.utils.rnn: batches of sequences of different lengths."""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from tojax.rules.api import torch_api


class PackedSequence(NamedTuple):
    """A padded (time, batch, ...) array and the lengths of its sequences."""

    padded: Array
    lengths: Array


@torch_api("torch.nn.utils.rnn.pack_padded_sequence")
def pack_padded_sequence(input: Array, lengths, batch_first=False, enforce_sorted=True):
    """A padded batch together with the lengths of its sequences."""
    return PackedSequence(jnp.swapaxes(input, 0, 1) if batch_first else input, jnp.asarray(lengths))


@torch_api("torch.nn.utils.rnn.pad_packed_sequence")
def pad_packed_sequence(
    sequence, batch_first=False, padding_value=0.0, total_length=None
) -> tuple[Array, Array]:
    """The padded batch, cut to the longest sequence or padded to ``total_length``."""
    padded, lengths = sequence
    time = int(lengths.max()) if total_length is None else total_length
    padded = padded[:time]
    padded = jnp.pad(padded, [(0, time - len(padded))] + [(0, 0)] * (padded.ndim - 1))
    is_padding = jnp.arange(time)[:, None] >= lengths
    is_padding = is_padding.reshape(is_padding.shape + (1,) * (padded.ndim - 2))
    padded = jnp.where(is_padding, padding_value, padded)
    return jnp.swapaxes(padded, 0, 1) if batch_first else padded, lengths


@torch_api("torch.nn.utils.rnn.pad_sequence")
def pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side="right") -> Array:
    """Sequences of different lengths as one (time, batch, ...) array."""
    longest = max(len(sequence) for sequence in sequences)
    rows = []
    for sequence in sequences:
        missing = longest - len(sequence)
        width = (0, missing) if padding_side == "right" else (missing, 0)
        widths = [width] + [(0, 0)] * (sequence.ndim - 1)
        rows.append(jnp.pad(sequence, widths, constant_values=padding_value))
    return jnp.stack(rows, axis=0 if batch_first else 1)


@torch_api("torch.nn.utils.rnn.unpad_sequence")
def unpad_sequence(padded_sequences: Array, lengths, batch_first=False) -> list[Array]:
    """The sequences of a padded batch."""
    batch = padded_sequences if batch_first else jnp.swapaxes(padded_sequences, 0, 1)
    return [row[: int(length)] for row, length in zip(batch, lengths, strict=True)]


@torch_api("torch.nn.utils.rnn.pack_sequence")
def pack_sequence(sequences, enforce_sorted=True):
    """Sequences of different lengths as one padded array with their lengths."""
    return PackedSequence(
        pad_sequence(sequences), jnp.asarray([len(sequence) for sequence in sequences])
    )
