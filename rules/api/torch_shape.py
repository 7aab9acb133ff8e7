"""torch: the shape of an array and the order of its axes."""

import jax.numpy as jnp
from jax import Array, lax

from tojax.rules.api import torch_api, torch_property


@torch_api("torch.Tensor.reshape", "torch.reshape")
def reshape(input: Array, *size, shape=None) -> Array:
    """The same elements in another shape."""
    if shape is not None:
        return input.reshape(shape)
    return input.reshape(*size)


@torch_api("torch.Tensor.view", "torch.view_copy")
def view(input: Array, *shape, size=None, dtype=None) -> Array:
    """The same elements in another shape, or the same bytes as another dtype."""
    if size is not None:
        return input.reshape(size)
    if dtype is not None:
        return input.view(dtype)
    if len(shape) == 1 and not isinstance(shape[0], (int, tuple, list)):
        return input.view(shape[0])
    return input.reshape(*shape)


@torch_api("torch.Tensor.view_as", "torch.Tensor.reshape_as")
def reshape_as(input: Array, other: Array) -> Array:
    """The same elements in the shape of another array."""
    return input.reshape(other.shape)


@torch_api("torch.ravel", "torch.Tensor.ravel")
def ravel(input: Array) -> Array:
    """All elements in one axis."""
    return input.ravel()


@torch_api("torch.flatten", "torch.Tensor.flatten")
def flatten(input: Array, start_dim=0, end_dim=-1) -> Array:
    """Join the axes from `start_dim` to `end_dim`."""
    if start_dim == 0 and end_dim == -1:
        return input.ravel()
    if end_dim == -1:
        return lax.collapse(input, start_dim)
    return lax.collapse(input, start_dim, end_dim + 1)


@torch_api("torch.unflatten", "torch.Tensor.unflatten")
def unflatten(input: Array, dim, sizes) -> Array:
    """Split one axis into several."""
    if dim == -1:
        return input.reshape(*input.shape[:-1], *sizes)
    if dim == 0:
        return input.reshape(*sizes, *input.shape[1:])
    return _unflatten(input, dim, sizes)


def _unflatten(x: Array, axis, sizes) -> Array:
    """Split one axis into several."""
    axis %= x.ndim
    return x.reshape(*x.shape[:axis], *sizes, *x.shape[axis + 1 :])


@torch_api("torch.squeeze", "torch.Tensor.squeeze", "torch.squeeze_copy")
def squeeze(input: Array, dim=None) -> Array:
    """Drop axes of size 1; an axis of another size stays."""
    if dim is None:
        return jnp.squeeze(input)
    return _squeeze(input, dim)


def _squeeze(x: Array, axis) -> Array:
    """Drop the axis, or the axes, whose size is 1."""
    axes = (axis,) if isinstance(axis, int) else axis
    return jnp.squeeze(x, axis=tuple(i for i in axes if x.ndim and x.shape[i] == 1))


@torch_api("torch.unsqueeze", "torch.Tensor.unsqueeze", "torch.unsqueeze_copy")
def unsqueeze(input: Array, dim) -> Array:
    """Insert an axis of size 1."""
    return jnp.expand_dims(input, dim)


@torch_api("torch.permute", "torch.Tensor.permute", "torch.permute_copy")
def permute(input: Array, *axes, dims=None) -> Array:
    """Reorder the axes."""
    if dims is not None:
        return input.transpose(dims)
    return input.transpose(*axes)


@torch_api(
    "torch.transpose",
    "torch.transpose_copy",
    "torch.Tensor.transpose",
    "torch.swapaxes",
    "torch.Tensor.swapaxes",
    "torch.swapdims",
    "torch.Tensor.swapdims",
)
def transpose(input: Array, dim0, dim1) -> Array:
    """Swap two axes."""
    return jnp.swapaxes(input, dim0, dim1)


@torch_api("torch.movedim", "torch.Tensor.movedim", "torch.moveaxis", "torch.Tensor.moveaxis")
def movedim(input: Array, source, destination) -> Array:
    """Move axes to other places."""
    return jnp.moveaxis(input, source, destination)


@torch_api("torch.t", "torch.Tensor.t", "torch.t_copy")
def t(input: Array) -> Array:
    """Transpose of a matrix."""
    return input.T


@torch_property("torch.Tensor.T")
def T(input: Array) -> Array:
    """The array with its axes reversed."""
    return input.T


@torch_api("torch.Tensor.expand", "torch.expand_copy")
def expand(input: Array, *sizes, size=None) -> Array:
    """Broadcast to a shape, in which -1 keeps the size of an axis."""
    if size is not None:
        return _expand(input, size)
    if len(sizes) == 1:
        return _expand(input, sizes[0])
    if -1 in sizes:
        return _expand(input, sizes)
    return jnp.broadcast_to(input, sizes)


def _expand(x: Array, shape) -> Array:
    """Broadcast to `shape`, where -1 keeps the size of that axis."""
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    own = (1,) * (len(shape) - x.ndim) + x.shape
    return jnp.broadcast_to(x, tuple(n if m == -1 else m for m, n in zip(shape, own, strict=True)))


@torch_api("torch.broadcast_to", "torch.Tensor.broadcast_to")
def broadcast_to(input: Array, *sizes, size=None, shape=None) -> Array:
    """Broadcast to a shape."""
    if size is not None:
        return jnp.broadcast_to(input, size)
    if shape is not None:
        return jnp.broadcast_to(input, shape)
    return jnp.broadcast_to(input, sizes[0] if len(sizes) == 1 else sizes)


@torch_api("torch.Tensor.expand_as")
def expand_as(input: Array, other: Array) -> Array:
    """Broadcast to the shape of another array."""
    return jnp.broadcast_to(input, other.shape)


@torch_api("torch.broadcast_tensors")
def broadcast_tensors(*tensors) -> list[Array]:
    """Broadcast arrays against each other."""
    if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)):
        return jnp.broadcast_arrays(*tensors[0])
    return jnp.broadcast_arrays(*tensors)


@torch_api("torch.broadcast_shapes")
def broadcast_shapes(*shapes) -> tuple[int, ...]:
    """Shape to which the shapes broadcast."""
    return jnp.broadcast_shapes(*shapes)


@torch_api("torch.Tensor.repeat")
def repeat(input: Array, *repeats, sizes=None) -> Array:
    """Repeat the whole array along its axes."""
    if repeats:
        return jnp.tile(input, repeats[0] if len(repeats) == 1 else repeats)
    return jnp.tile(input, sizes)


@torch_api("torch.tile", "torch.Tensor.tile")
def tile(input: Array, *reps, dims=None) -> Array:
    """Repeat the whole array along its axes."""
    if dims is not None:
        return jnp.tile(input, dims)
    return jnp.tile(input, reps[0] if len(reps) == 1 else reps)


@torch_api("torch.repeat_interleave", "torch.Tensor.repeat_interleave")
def repeat_interleave(input: Array, repeats=None, dim=None, *, output_size=None) -> Array:
    """Repeat each element; of an array of counts alone, each index as often as its count."""
    if repeats is None:
        return jnp.repeat(jnp.arange(len(input)), input, total_repeat_length=output_size)
    return jnp.repeat(input, repeats, axis=dim, total_repeat_length=output_size)


@torch_api("torch.roll", "torch.Tensor.roll")
def roll(input: Array, shifts, dims=None) -> Array:
    """Shift elements along axes, those that fall off coming back at the other end."""
    return jnp.roll(input, shifts, axis=dims)


@torch_api("torch.flip", "torch.Tensor.flip")
def flip(input: Array, *axes, dims=None) -> Array:
    """Reverse the order along axes."""
    if dims is not None:
        return jnp.flip(input, axis=dims)
    return jnp.flip(input, axis=axes[0] if len(axes) == 1 else axes)


@torch_api("torch.fliplr", "torch.Tensor.fliplr")
def fliplr(input: Array) -> Array:
    """Reverse the order along axis 1."""
    return jnp.fliplr(input)


@torch_api("torch.flipud", "torch.Tensor.flipud")
def flipud(input: Array) -> Array:
    """Reverse the order along axis 0."""
    return jnp.flipud(input)


@torch_api("torch.rot90", "torch.Tensor.rot90")
def rot90(input: Array, k=1, dims=(0, 1)) -> Array:
    """Rotate by quarter turns in the plane of two axes."""
    if isinstance(dims, list):
        return jnp.rot90(input, k, axes=tuple(dims))
    return jnp.rot90(input, k, axes=dims)


@torch_api("torch.atleast_1d")
def atleast_1d(*tensors) -> Array | list[Array]:
    """Arrays with at least one axis."""
    if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)):
        return jnp.atleast_1d(*tensors[0])
    return jnp.atleast_1d(*tensors)


@torch_api("torch.atleast_2d")
def atleast_2d(*tensors) -> Array | list[Array]:
    """Arrays with at least two axes."""
    if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)):
        return jnp.atleast_2d(*tensors[0])
    return jnp.atleast_2d(*tensors)


@torch_api("torch.atleast_3d")
def atleast_3d(*tensors) -> Array | list[Array]:
    """Arrays with at least three axes."""
    if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)):
        return jnp.atleast_3d(*tensors[0])
    return jnp.atleast_3d(*tensors)
