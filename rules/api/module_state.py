"""state_dict and load_state_dict of modules and optimizers."""

from collections.abc import Iterator

import jax
import jax.numpy as jnp
from flax import nnx

from tojax.rules.api import torch_api

from .module_tree import is_buffer, members


def named_state(module: nnx.Module, prefix: str = "") -> Iterator[tuple[str, nnx.Variable]]:
    """Parameters, then persistent buffers, then the modules inside; shared ones at each path."""
    parts = members(module)
    for name, value in parts:
        if isinstance(value, nnx.Param):
            yield prefix + name, value
    for name, value in parts:
        if is_buffer(value) and value.get_metadata().get("persistent", True):
            yield prefix + name, value
    for name, value in parts:
        if isinstance(value, nnx.Module):
            yield from named_state(value, f"{prefix}{name}.")


@torch_api("torch.nn.Module.state_dict")
def state_dict(self: nnx.Module, *, prefix="", keep_vars=False) -> dict:
    """The arrays of a module's parameters and persistent buffers by dotted path.

    Args:
        self: the module.
        prefix: what the paths begin with.
        keep_vars: give the variables themselves, as PyTorch's arrays are: changes show in both.
    """
    if keep_vars:
        return dict(named_state(self, prefix) if prefix else named_state(self))
    return {name: variable[...] for name, variable in named_state(self, prefix)}


@torch_api("torch.nn.Module.load_state_dict", fields=("missing_keys", "unexpected_keys"))
def load_state_dict(
    self: nnx.Module, state_dict, strict=True, assign=False
) -> tuple[list[str], list[str]]:
    """Sets a module's parameters and persistent buffers from arrays by dotted path.

    Returns:
        The paths that the arrays lack, and those that the module lacks.

    Raises:
        RuntimeError: an array has the wrong shape, or, if strict, a path is missing or unexpected.
    """
    variables = dict(named_state(self))
    missing = [name for name in variables if name not in state_dict]
    unexpected = [name for name in state_dict if name not in variables]
    shapes = {name: jnp.shape(value) for name, value in state_dict.items()}
    wrong = [
        f"{name}: {shapes[name]} instead of {variable.shape}"
        for name, variable in variables.items()
        if name in shapes and shapes[name] != variable.shape
    ]
    if wrong or (strict and (missing or unexpected)):
        raise RuntimeError(f"missing {missing}, unexpected {unexpected}, wrong shape {wrong}")
    for name, variable in variables.items():
        if name in state_dict:
            variable[...] = jnp.asarray(state_dict[name], variable.dtype)
    return missing, unexpected


@torch_api("torch.optim.Optimizer.state_dict")
def optimizer_state_dict(self: nnx.Optimizer) -> dict:
    """The optimizer's state as nested dicts of arrays."""
    return nnx.to_pure_dict(nnx.state(self))


@torch_api("torch.optim.Optimizer.load_state_dict")
def load_optimizer_state_dict(self: nnx.Optimizer, state_dict) -> None:
    """Sets the optimizer's state from nested dicts of arrays of the same structure and shapes."""
    state = nnx.state(self)
    own = nnx.to_pure_dict(state)
    if jax.tree.map(jnp.shape, own) != jax.tree.map(jnp.shape, state_dict):
        raise ValueError("the saved state is that of another optimizer or of other parameters")
    nnx.replace_by_pure_dict(state, state_dict)
    nnx.update(self, state)
