"""torch.fft: discrete Fourier transforms."""

import jax.numpy as jnp
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.fft.fft")
def fft(input: Array, n=None, dim=-1, norm=None) -> Array:
    """Fourier transform."""
    return jnp.fft.fft(input, n=n, axis=dim, norm=norm)


@torch_api("torch.fft.ifft")
def ifft(input: Array, n=None, dim=-1, norm=None) -> Array:
    """Inverse Fourier transform."""
    return jnp.fft.ifft(input, n=n, axis=dim, norm=norm)


@torch_api("torch.fft.rfft")
def rfft(input: Array, n=None, dim=-1, norm=None) -> Array:
    """Fourier transform of real input, the non-negative frequencies."""
    return jnp.fft.rfft(input, n=n, axis=dim, norm=norm)


@torch_api("torch.fft.irfft")
def irfft(input: Array, n=None, dim=-1, norm=None) -> Array:
    """Inverse of `rfft`."""
    return jnp.fft.irfft(input, n=n, axis=dim, norm=norm)


@torch_api("torch.fft.hfft")
def hfft(input: Array, n=None, dim=-1, norm=None) -> Array:
    """Fourier transform of a Hermitian half, which is real."""
    return jnp.fft.hfft(input, n=n, axis=dim, norm=norm)


@torch_api("torch.fft.ihfft")
def ihfft(input: Array, n=None, dim=-1, norm=None) -> Array:
    """Inverse of `hfft`."""
    return jnp.fft.ihfft(input, n=n, axis=dim, norm=norm)


@torch_api("torch.fft.fft2")
def fft2(input: Array, s=None, dim=(-2, -1), norm=None) -> Array:
    """Fourier transform, over two axes."""
    if dim == (-2, -1):
        return jnp.fft.fft2(input, s=s, norm=norm)
    return fftn(input, s=s, dim=dim, norm=norm)


@torch_api("torch.fft.ifft2")
def ifft2(input: Array, s=None, dim=(-2, -1), norm=None) -> Array:
    """Inverse Fourier transform, over two axes."""
    if dim == (-2, -1):
        return jnp.fft.ifft2(input, s=s, norm=norm)
    return ifftn(input, s=s, dim=dim, norm=norm)


@torch_api("torch.fft.rfft2")
def rfft2(input: Array, s=None, dim=(-2, -1), norm=None) -> Array:
    """Fourier transform of real input, the non-negative frequencies, over two axes."""
    if dim == (-2, -1):
        return jnp.fft.rfft2(input, s=s, norm=norm)
    return rfftn(input, s=s, dim=dim, norm=norm)


@torch_api("torch.fft.irfft2")
def irfft2(input: Array, s=None, dim=(-2, -1), norm=None) -> Array:
    """Inverse of `rfft`, over two axes."""
    if dim == (-2, -1):
        return jnp.fft.irfft2(input, s=s, norm=norm)
    return irfftn(input, s=s, dim=dim, norm=norm)


@torch_api("torch.fft.fftn")
def fftn(input: Array, s=None, dim=None, norm=None) -> Array:
    """Fourier transform, over several axes."""
    if isinstance(dim, int):
        return jnp.fft.fftn(input, s=s, axes=(dim,), norm=norm)
    return jnp.fft.fftn(input, s=s, axes=dim, norm=norm)


@torch_api("torch.fft.ifftn")
def ifftn(input: Array, s=None, dim=None, norm=None) -> Array:
    """Inverse Fourier transform, over several axes."""
    if isinstance(dim, int):
        return jnp.fft.ifftn(input, s=s, axes=(dim,), norm=norm)
    return jnp.fft.ifftn(input, s=s, axes=dim, norm=norm)


@torch_api("torch.fft.rfftn")
def rfftn(input: Array, s=None, dim=None, norm=None) -> Array:
    """Fourier transform of real input, the non-negative frequencies, over several axes."""
    if isinstance(dim, int):
        return jnp.fft.rfftn(input, s=s, axes=(dim,), norm=norm)
    return jnp.fft.rfftn(input, s=s, axes=dim, norm=norm)


@torch_api("torch.fft.irfftn")
def irfftn(input: Array, s=None, dim=None, norm=None) -> Array:
    """Inverse of `rfft`, over several axes."""
    if isinstance(dim, int):
        return jnp.fft.irfftn(input, s=s, axes=(dim,), norm=norm)
    return jnp.fft.irfftn(input, s=s, axes=dim, norm=norm)


@torch_api("torch.fft.hfft2")
def hfft2(input: Array, s=None, dim=(-2, -1), norm=None) -> Array:
    """Fourier transform of a Hermitian half, over two axes; the result is real."""
    return _hfftn(input, s, dim, norm)


@torch_api("torch.fft.hfftn")
def hfftn(input: Array, s=None, dim=None, norm=None) -> Array:
    """Fourier transform of a Hermitian half, over several axes; the result is real."""
    return _hfftn(input, s, dim, norm)


@torch_api("torch.fft.ihfft2")
def ihfft2(input: Array, s=None, dim=(-2, -1), norm=None) -> Array:
    """Inverse of `hfft2`."""
    return _ihfftn(input, s, dim, norm)


@torch_api("torch.fft.ihfftn")
def ihfftn(input: Array, s=None, dim=None, norm=None) -> Array:
    """Inverse of `hfftn`."""
    return _ihfftn(input, s, dim, norm)


def _hfftn(x: Array, s, axes, norm) -> Array:
    """Fourier transform of a Hermitian half: the last axis by `hfft`, the others by `fftn`."""
    if axes is None:
        axes = range(-len(s) if s else -x.ndim, 0)
    axes = (axes,) if isinstance(axes, int) else tuple(axes)
    s = (None,) * len(axes) if s is None else s
    for axis, n in zip(axes[:-1], s, strict=False):
        x = jnp.fft.fft(x, n=n, axis=axis, norm=norm)
    return jnp.fft.hfft(x, n=s[-1], axis=axes[-1], norm=norm)


def _ihfftn(x: Array, s, axes, norm) -> Array:
    """Inverse of `_hfftn`: the last axis by `ihfft`, the others by `ifftn`."""
    if axes is None:
        axes = range(-len(s) if s else -x.ndim, 0)
    axes = (axes,) if isinstance(axes, int) else tuple(axes)
    s = (None,) * len(axes) if s is None else s
    x = jnp.fft.ihfft(x, n=s[-1], axis=axes[-1], norm=norm)
    for axis, n in zip(axes[:-1], s, strict=False):
        x = jnp.fft.ifft(x, n=n, axis=axis, norm=norm)
    return x


@torch_api("torch.fft.fftfreq")
def fftfreq(n, d=1.0, *, dtype=None, layout=None, device=None, requires_grad=False) -> Array:
    """Frequencies of `fft`."""
    return jnp.fft.fftfreq(n, d=d, dtype=dtype)


@torch_api("torch.fft.rfftfreq")
def rfftfreq(n, d=1.0, *, dtype=None, layout=None, device=None, requires_grad=False) -> Array:
    """Frequencies of `rfft`."""
    return jnp.fft.rfftfreq(n, d=d, dtype=dtype)


@torch_api("torch.fft.fftshift")
def fftshift(input: Array, dim=None) -> Array:
    """Move the frequency zero to the middle."""
    return jnp.fft.fftshift(input, axes=dim)


@torch_api("torch.fft.ifftshift")
def ifftshift(input: Array, dim=None) -> Array:
    """Inverse of `fftshift`."""
    return jnp.fft.ifftshift(input, axes=dim)
