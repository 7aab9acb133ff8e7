"""torch.signal.windows: tapering windows; symmetric, or with ``sym=False`` one period of M."""

from __future__ import annotations

import functools

import jax.numpy as jnp
import numpy as np
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.signal.windows.bartlett")
def bartlett(M, *, sym=True, dtype=None, layout=None, device=None, requires_grad=False) -> Array:
    """Triangle."""
    if sym and dtype is None:
        return jnp.bartlett(M)
    return _whole_or_period(jnp.bartlett, M, sym, dtype)


@torch_api("torch.signal.windows.blackman")
def blackman(M, *, sym=True, dtype=None, layout=None, device=None, requires_grad=False) -> Array:
    """Blackman window."""
    if sym and dtype is None:
        return jnp.blackman(M)
    return _whole_or_period(jnp.blackman, M, sym, dtype)


@torch_api("torch.signal.windows.hann")
def hann(M, *, sym=True, dtype=None, layout=None, device=None, requires_grad=False) -> Array:
    """Hann window."""
    if sym and dtype is None:
        return jnp.hanning(M)
    return _whole_or_period(jnp.hanning, M, sym, dtype)


@torch_api("torch.signal.windows.hamming")
def hamming(M, *, sym=True, dtype=None, layout=None, device=None, requires_grad=False) -> Array:
    """Hamming window."""
    if sym and dtype is None:
        return jnp.hamming(M)
    return _whole_or_period(jnp.hamming, M, sym, dtype)


@torch_api("torch.signal.windows.kaiser")
def kaiser(
    M, *, beta=12.0, sym=True, dtype=None, layout=None, device=None, requires_grad=False
) -> Array:
    """Kaiser window."""
    if sym and dtype is None:
        return jnp.kaiser(M, beta)
    return _whole_or_period(functools.partial(jnp.kaiser, beta=beta), M, sym, dtype)


@torch_api("torch.signal.windows.cosine")
def cosine(M, *, sym=True, dtype=None, layout=None, device=None, requires_grad=False) -> Array:
    """Half a sine wave."""
    return _whole_or_period(_half_wave, M, sym, dtype)


@torch_api("torch.signal.windows.exponential")
def exponential(
    M,
    *,
    center=None,
    tau=1.0,
    sym=True,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
) -> Array:
    """Exponential decay on both sides of the centre."""
    return _whole_or_period(
        functools.partial(_decay, center=center, tau=tau, power=1), M, sym, dtype
    )


@torch_api("torch.signal.windows.gaussian")
def gaussian(
    M, *, std=1.0, sym=True, dtype=None, layout=None, device=None, requires_grad=False
) -> Array:
    """Gaussian bell."""
    return _whole_or_period(functools.partial(_decay, tau=std * 2**0.5, power=2), M, sym, dtype)


@torch_api("torch.signal.windows.general_cosine")
def general_cosine(
    M, *, a, sym=True, dtype=None, layout=None, device=None, requires_grad=False
) -> Array:
    """Alternating sum of cosines with the weights ``a``."""
    return _whole_or_period(functools.partial(_cosine_sum, weights=a), M, sym, dtype)


@torch_api("torch.signal.windows.general_hamming")
def general_hamming(
    M, *, alpha=0.54, sym=True, dtype=None, layout=None, device=None, requires_grad=False
) -> Array:
    """Raised cosine with the weight ``alpha``."""
    return _whole_or_period(
        functools.partial(_cosine_sum, weights=(alpha, 1 - alpha)), M, sym, dtype
    )


@torch_api("torch.signal.windows.nuttall")
def nuttall(M, *, sym=True, dtype=None, layout=None, device=None, requires_grad=False) -> Array:
    """Nuttall's minimum four-term Blackman-Harris window."""
    weights = (0.3635819, 0.4891775, 0.1365995, 0.0106411)
    return _whole_or_period(functools.partial(_cosine_sum, weights=weights), M, sym, dtype)


def _whole_or_period(window, size, symmetric, dtype=None) -> Array:
    """A symmetric window, or all but the last element of one that is longer by one."""
    values = window(size) if symmetric or size < 2 else window(size + 1)[:-1]
    return jnp.asarray(values, dtype=float if dtype is None else dtype)


def _half_wave(size) -> Array:
    """Half a sine wave, sampled in the middle of each step."""
    return jnp.sin(np.pi * (jnp.arange(size) + 0.5) / size)


def _decay(size, center=None, tau=1.0, power=1) -> Array:
    """``exp(-|n - center|**power / tau**power)``, by default around the middle."""
    center = (size - 1) / 2 if center is None else center
    return jnp.exp(-((jnp.abs(jnp.arange(size) - center) / tau) ** power))


def _cosine_sum(size, weights) -> Array:
    """Alternating sum of the cosines of multiples of one turn."""
    turn = 2 * np.pi * jnp.arange(size) / max(size - 1, 1)
    if size == 1:
        return jnp.ones(1)
    return sum((-1) ** i * weight * jnp.cos(i * turn) for i, weight in enumerate(weights))
