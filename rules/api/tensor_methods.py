"""torch.Tensor: size, value and state of a tensor."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from tojax.rules.api import torch_api, torch_property


@torch_api("torch.Tensor.size")
def size(input: Array, *axis, dim=None) -> tuple[int, ...] | int:
    """The shape, or the length of one axis."""
    if len(axis) == 1:
        return input.shape[axis[0]]
    if dim is None:
        return input.shape
    return input.shape[dim]


@torch_api("torch.Tensor.dim", "torch.Tensor.ndimension")
def dim(input: Array) -> int:
    """Number of axes."""
    return input.ndim


@torch_api("torch.numel", "torch.Tensor.numel", "torch.Tensor.nelement")
def numel(input: Array) -> int:
    """Number of elements."""
    return input.size


@torch_api("torch.Tensor.element_size")
def element_size(input: Array) -> int:
    """Bytes of one element."""
    return input.itemsize


@torch_api("torch.Tensor.stride")
def stride(input: Array, dim=None) -> tuple[int, ...] | int:
    """Steps between elements of a contiguous tensor."""
    if dim is None:
        return row_major_strides(input.shape)
    return row_major_strides(input.shape)[dim]


def row_major_strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """For each axis, how many elements a step along it skips."""
    return tuple(int(np.prod(np.maximum(shape[axis + 1 :], 1))) for axis in range(len(shape)))


@torch_api("torch.is_same_size", "torch.Tensor.is_same_size")
def is_same_size(input: Array, other: Array) -> bool:
    """Whether the shapes are equal."""
    return input.shape == other.shape


@torch_api("torch.Tensor.item")
def item(input: Array) -> float | int | bool:
    """The only element as a Python number."""
    return input.item()


@torch_api("torch.Tensor.tolist")
def tolist(input: Array) -> list:
    """Nested lists of Python numbers."""
    return input.tolist()


@torch_api("torch.Tensor.numpy")
def numpy(input: Array, *, force=False) -> np.ndarray:
    """A NumPy array."""
    return np.asarray(input)


@torch_api("torch.Tensor.contiguous")
def contiguous(input: Array, memory_format=None) -> Array:
    """``input`` itself: XLA chooses the layout in memory."""
    return input


@torch_api("torch.Tensor.is_contiguous")
def is_contiguous(input: Array, memory_format=None) -> bool:
    """True: XLA chooses the layout in memory."""
    return True


@torch_api("torch.Tensor.requires_grad_")
def requires_grad_(input: Array, requires_grad=True) -> Array:
    """``input`` itself: ``jax.grad`` says what is differentiated."""
    return input


@torch_api("torch.Tensor.retain_grad")
def retain_grad(input: Array) -> None:
    """Nothing: ``jax.grad`` says what is differentiated."""
    return None


@torch_api("torch.Tensor.fill_", "torch.fill")
def fill_(input: Array, value) -> Array:
    """``value`` in every element."""
    return jnp.full_like(input, value)


@torch_api("torch.Tensor.zero_", "torch.zero_")
def zero_(input: Array) -> Array:
    """Zero in every element."""
    return jnp.zeros_like(input)


@torch_api("torch.Tensor.copy_")
def copy_(input: Array, other: Array, non_blocking=False) -> Array:
    """The values of ``other``, in the shape and dtype of ``input``."""
    return jnp.full_like(input, other)


@torch_property("torch.Tensor.H")
def H(input: Array) -> Array:
    """Conjugate transpose of a matrix."""
    return input.T.conj()


@torch_property("torch.Tensor.mH")
def mH(input: Array) -> Array:
    """Conjugate of ``input`` with the last two axes exchanged."""
    return input.mT.conj()


@torch_api("torch.adjoint", "torch.Tensor.adjoint")
def adjoint(input: Array) -> Array:
    """Conjugate of ``input`` with the last two axes exchanged."""
    return input.mT.conj()


@torch_property("torch.Tensor.layout")
def layout(self: Array) -> None:
    """Nothing, as ``torch.strided`` is: XLA chooses layouts itself."""
    return None


@torch_property("torch.Tensor.device")
def device(input: Array) -> jax.Device:
    """The device in use; an array that is being traced has none of its own."""
    return jax.devices()[0]
