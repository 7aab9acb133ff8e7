"""torch: short-time Fourier transforms and window functions."""

import jax.numpy as jnp
import numpy as np
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.stft", "torch.Tensor.stft")
def stft(
    input: Array,
    n_fft,
    hop_length=None,
    win_length=None,
    window=None,
    center=True,
    pad_mode="reflect",
    normalized=False,
    onesided=None,
    return_complex=None,
    align_to_window=None,
) -> Array:
    """Fourier transforms of overlapping windows, of shape (…, frequencies, windows)."""
    hop = n_fft // 4 if hop_length is None else hop_length
    window = _centered_window(window, win_length, n_fft)
    padding = pad_mode if center else None
    spectrum = _stft(input, n_fft, hop, window, padding, normalized, onesided)
    if return_complex is False:
        return jnp.stack([spectrum.real, spectrum.imag], axis=-1)
    return spectrum


def _centered_window(window, length, n_fft) -> Array:
    """The window (by default ones) with zeros around it, of length `n_fft`."""
    window = jnp.ones(n_fft if length is None else length) if window is None else window
    left = (n_fft - len(window)) // 2
    return jnp.pad(window, (left, n_fft - len(window) - left))


def _stft(x: Array, n_fft, hop, window: Array, pad_mode, normalized, onesided) -> Array:
    """Fourier transforms of overlapping windows, of shape (…, frequencies, windows)."""
    if pad_mode is not None:
        mode = {"replicate": "edge", "circular": "wrap"}.get(pad_mode, pad_mode)
        x = jnp.pad(x, [(0, 0)] * (x.ndim - 1) + [(n_fft // 2, n_fft // 2)], mode=mode)
    starts = jnp.arange(0, x.shape[-1] - n_fft + 1, hop)
    frames = x[..., starts[:, None] + jnp.arange(n_fft)] * window
    is_real = not (jnp.iscomplexobj(x) or jnp.iscomplexobj(window))
    onesided = is_real if onesided is None else onesided
    spectrum = jnp.fft.rfft(frames) if onesided else jnp.fft.fft(frames)
    return jnp.swapaxes(spectrum / np.sqrt(n_fft) if normalized else spectrum, -1, -2)


@torch_api("torch.istft", "torch.Tensor.istft")
def istft(
    input: Array,
    n_fft,
    hop_length=None,
    win_length=None,
    window=None,
    center=True,
    normalized=False,
    onesided=None,
    length=None,
    return_complex=False,
) -> Array:
    """Inverse of `stft`, by adding up the overlapping windows."""
    hop = n_fft // 4 if hop_length is None else hop_length
    window = _centered_window(window, win_length, n_fft)
    if normalized:
        input = input * np.sqrt(n_fft)
    frames = _inverse_frames(input, n_fft, return_complex)
    return _overlap_add(frames, window, hop, center, length)


def _inverse_frames(spectrum: Array, n_fft, return_complex) -> Array:
    """The windows, in the last axis, whose Fourier transforms are in the axis before it."""
    spectrum = jnp.swapaxes(spectrum, -1, -2)
    if return_complex:
        return jnp.fft.ifft(spectrum, n=n_fft)
    # Real windows have symmetric transforms: the first half says all, and the rest is not read.
    return jnp.fft.irfft(spectrum, n=n_fft)


def _overlap_add(frames: Array, window: Array, hop, center, length) -> Array:
    """The signal of which these are the overlapping windows, in the least-squares sense."""
    count, size = frames.shape[-2:]
    place = hop * jnp.arange(count)[:, None] + jnp.arange(size)
    total = size + hop * (count - 1)
    signal = jnp.zeros((*frames.shape[:-2], total), frames.dtype)
    signal = signal.at[..., place].add(frames * window)
    weight = jnp.zeros(total, window.dtype).at[place].add(jnp.square(jnp.abs(window)))
    start = size // 2 if center else 0
    stop = start + length if length is not None else total - start
    signal, weight = signal[..., start:stop], weight[start:stop]
    missing = max(stop - total, 0)
    signal = jnp.where(weight > 1e-11, signal / jnp.where(weight > 1e-11, weight, 1), 0)
    return jnp.pad(signal, [(0, 0)] * (signal.ndim - 1) + [(0, missing)])


@torch_api("torch.hann_window")
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


@torch_api("torch.blackman_window")
def blackman_window(
    window_length,
    periodic=True,
    *,
    dtype=None,
    layout=None,
    device=None,
    pin_memory=False,
    requires_grad=False,
) -> Array:
    """Blackman window."""
    return _periodic(jnp.blackman, window_length, periodic, dtype)


@torch_api("torch.bartlett_window")
def bartlett_window(
    window_length,
    periodic=True,
    *,
    dtype=None,
    layout=None,
    device=None,
    pin_memory=False,
    requires_grad=False,
) -> Array:
    """Bartlett window."""
    return _periodic(jnp.bartlett, window_length, periodic, dtype)


@torch_api("torch.hamming_window")
def hamming_window(
    window_length,
    periodic=True,
    alpha=0.54,
    beta=0.46,
    *,
    dtype=None,
    layout=None,
    device=None,
    pin_memory=False,
    requires_grad=False,
) -> Array:
    """Hamming window."""
    if alpha == 0.54 and beta == 0.46:
        return _periodic(jnp.hamming, window_length, periodic, dtype)
    return _cosine_window(window_length, periodic, alpha, beta, dtype)


@torch_api("torch.kaiser_window")
def kaiser_window(
    window_length,
    periodic=True,
    beta=12.0,
    *,
    dtype=None,
    layout=None,
    device=None,
    pin_memory=False,
    requires_grad=False,
) -> Array:
    """Kaiser window."""
    if periodic and window_length > 1:
        return jnp.kaiser(window_length + 1, beta)[:-1].astype(dtype)
    return jnp.kaiser(window_length, beta).astype(dtype)


def _periodic(window, length, periodic, dtype) -> Array:
    """A window function of NumPy's, which is symmetric, or all but the last element of it."""
    whole = window(length + 1)[:-1] if periodic and length > 1 else window(length)
    return whole.astype(dtype)


def _cosine_window(length, periodic, alpha, beta, dtype) -> Array:
    """``alpha - beta * cos(2 * pi * n / N)``."""
    steps = length if periodic else length - 1
    phase = 2 * np.pi * np.arange(length) / max(steps, 1)
    window = alpha - beta * np.cos(phase) if length > 1 else np.ones(length)
    return jnp.asarray(window, jnp.float32 if dtype is None else dtype)
