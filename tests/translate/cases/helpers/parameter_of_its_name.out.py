import jax.numpy as jnp
from jax import Array


def _pad(input: Array, pad, mode="constant", value=None) -> Array:
    """Pad by (before, after) of the last axis, of the last but one, ...; negative sizes crop."""
    spare = input.ndim - len(pad) // 2
    margins = [(0, 0)] * spare + list(zip(pad[::2], pad[1::2], strict=True))[::-1]
    crop = tuple(slice(max(-before, 0), after if after < 0 else None) for before, after in margins)
    margins = [(max(before, 0), max(after, 0)) for before, after in margins]
    if mode == "circular":
        return jnp.pad(input[crop], margins, mode="wrap")
    if mode == "constant":
        return jnp.pad(input, margins, constant_values=0 if value is None else value)[crop]
    return jnp.pad(input, margins, mode="edge" if mode == "replicate" else mode)[crop]


def pad_left(t, pad, **options):
    return _pad(t, (*pad, 0), **options)
