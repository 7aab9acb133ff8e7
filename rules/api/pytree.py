"""torch.utils._pytree and torch.utils.dlpack: nested containers, and arrays of other libraries."""

import math

import jax
import jax.numpy as jnp
from jax import Array

from tojax.rules.api import torch_api


def _is_none(x) -> bool:
    """PyTorch takes None as a leaf, JAX as an empty container."""
    return x is None


@torch_api("torch.utils._pytree.tree_map")
def tree_map(func, tree, *rests, is_leaf=None):
    """The function of each leaf."""
    if is_leaf is not None:
        return jax.tree.map(func, tree, *rests, is_leaf=lambda x: x is None or is_leaf(x))
    return jax.tree.map(func, tree, *rests, is_leaf=_is_none)


@torch_api("torch.utils._pytree.tree_map_only")
def tree_map_only(type_or_types_or_pred, func, tree, is_leaf=None):
    """The function of each leaf of a type; the others stay."""
    if is_leaf is not None:
        raise NotImplementedError("is_leaf of tree_map_only")
    return jax.tree.map(lambda x: func(x) if isinstance(x, type_or_types_or_pred) else x, tree)


@torch_api("torch.utils._pytree.tree_leaves")
def tree_leaves(tree, is_leaf=None) -> list:
    """The leaves."""
    if is_leaf is not None:
        return jax.tree.leaves(tree, is_leaf=lambda x: x is None or is_leaf(x))
    return jax.tree.leaves(tree, is_leaf=_is_none)


@torch_api("torch.utils._pytree.tree_flatten")
def tree_flatten(tree, is_leaf=None) -> tuple:
    """The leaves, and the structure."""
    if is_leaf is not None:
        return jax.tree.flatten(tree, is_leaf=lambda x: x is None or is_leaf(x))
    return jax.tree.flatten(tree, is_leaf=_is_none)


@torch_api("torch.utils._pytree.tree_structure")
def tree_structure(tree, is_leaf=None):
    """The structure."""
    if is_leaf is not None:
        return jax.tree.structure(tree, is_leaf=lambda x: x is None or is_leaf(x))
    return jax.tree.structure(tree, is_leaf=_is_none)


@torch_api("torch.utils._pytree.tree_unflatten")
def tree_unflatten(leaves, treespec):
    """The containers with these leaves."""
    return jax.tree.unflatten(treespec, leaves)


@torch_api("torch.from_dlpack", "torch.utils.dlpack.from_dlpack")
def from_dlpack(ext_tensor, *, device=None, copy=None) -> Array:
    """An array of another library."""
    return jnp.from_dlpack(ext_tensor)


@torch_api("torch.utils.dlpack.to_dlpack", "torch.to_dlpack")
def to_dlpack(tensor: Array) -> Array:
    """The array itself, which other libraries' `from_dlpack` takes."""
    return tensor


@torch_api("torch.Size")
def size(sizes=()) -> tuple[int, ...]:
    """A shape, which is a tuple."""
    return tuple(sizes)


@torch_api("torch.Size.numel")
def size_numel(self: tuple[int, ...]) -> int:
    """How many elements an array of this shape has."""
    return math.prod(self)


@torch_api("torch.cond")
def cond(pred, true_fn, false_fn, operands=()):
    """One of two functions of the operands."""
    return jax.lax.cond(pred, true_fn, false_fn, *operands)
