import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array
from einops import rearrange


def hann_window(
    window_length,
    periodic=True,
    *,
    dtype=None,
    layout=None,
    device=None,
    pin_memory=False,
    requires_grad=False,
) -> Array:
    """Hann window."""
    return _periodic(jnp.hanning, window_length, periodic, dtype)


def _periodic(window, length, periodic, dtype) -> Array:
    """A window function of NumPy's, which is symmetric, or all but the last element of it."""
    whole = window(length + 1)[:-1] if periodic and length > 1 else window(length)
    return whole.astype(dtype)


class Windowed(nnx.Module):
    def __init__(self, size: int, window=hann_window):
        self.size = size
        self.window = window

    def __call__(self, x):
        x = rearrange(x, "b 1 n -> b n")
        return x * self.window(self.size, device=jax.devices()[0])
