"""torch.nn.utils: weight and spectral normalisation under their older names of parameters."""

import dataclasses

import jax.numpy as jnp
from flax import nnx
from jax import Array, lax

from tojax.rules.api import torch_api

from .nn_computed import (
    ComputedParameter,
    compute_parameter,
    computed_parameters,
    store_parameter,
)
from .nn_parametrizations import as_matrix, length_along, output_axis, singular_vectors, unit


@torch_api("torch.nn.utils.weight_norm")
def weight_norm(module: nnx.Module, name="weight", dim=0):
    """Replace a weight by its lengths ``weight_g`` and its direction ``weight_v``.

    Returns:
        The module.
    """
    weight = getattr(module, name)[...]
    delattr(module, name)
    setattr(module, f"{name}_g", nnx.Param(length_along(weight, dim)))
    setattr(module, f"{name}_v", nnx.Param(weight))
    compute_parameter(module, _WeightNorm(name, dim))
    return module


@dataclasses.dataclass(frozen=True)
class _WeightNorm(ComputedParameter):
    """A weight from its lengths, along all axes but ``dim``, and its direction."""

    dim: int | None

    def value(self, module: nnx.Module) -> Array:
        direction = getattr(module, f"{self.name}_v")[...]
        lengths = getattr(module, f"{self.name}_g")[...]
        return direction * (lengths / length_along(direction, self.dim))


@torch_api("torch.nn.utils.remove_weight_norm")
def remove_weight_norm(module: nnx.Module, name="weight"):
    """Let a module hold a weight again whose lengths and direction it held; returns the module."""
    _remove(module, name, _WeightNorm, ("_g", "_v"))
    return module


@torch_api("torch.nn.utils.spectral_norm")
def spectral_norm(module: nnx.Module, name="weight", n_power_iterations=1, eps=1e-12, dim=None):
    """Divide a weight, kept as ``weight_orig``, by its largest singular value.

    The singular vectors ``weight_u`` and ``weight_v`` are estimated by power iterations, which go
    on with each call in training.

    Returns:
        The module.
    """
    parameter = getattr(module, name)
    dim = output_axis(module) if dim is None else dim
    u, v = singular_vectors(as_matrix(parameter[...], dim))
    delattr(module, name)
    setattr(module, f"{name}_orig", parameter)
    setattr(module, f"{name}_u", nnx.BatchStat(u))
    setattr(module, f"{name}_v", nnx.BatchStat(v))
    module.use_running_average = False
    compute_parameter(module, _SpectralNorm(name, n_power_iterations, dim, eps))
    return module


@dataclasses.dataclass(frozen=True)
class _SpectralNorm(ComputedParameter):
    """A weight divided by its largest singular value."""

    n_power_iterations: int
    dim: int
    eps: float

    def value(self, module: nnx.Module) -> Array:
        weight = getattr(module, f"{self.name}_orig")[...]
        u, v = getattr(module, f"{self.name}_u"), getattr(module, f"{self.name}_v")
        return weight / jnp.dot(u[...], as_matrix(weight, self.dim) @ v[...])

    def before_call(self, module: nnx.Module) -> None:
        if module.use_running_average:
            return
        matrix = lax.stop_gradient(as_matrix(getattr(module, f"{self.name}_orig")[...], self.dim))
        u, v = getattr(module, f"{self.name}_u"), getattr(module, f"{self.name}_v")
        for _ in range(self.n_power_iterations):
            v[...] = unit(matrix.T @ u[...], self.eps)
            u[...] = unit(matrix @ v[...], self.eps)


@torch_api("torch.nn.utils.remove_spectral_norm")
def remove_spectral_norm(module: nnx.Module, name="weight"):
    """Let a module hold the divided weight itself; returns the module."""
    _remove(module, name, _SpectralNorm, ("_orig", "_u", "_v"))
    return module


def _remove(module: nnx.Module, name: str, kind: type, suffixes: tuple[str, ...]) -> None:
    """Put the present value of a computed parameter in the place of the variables behind it.

    Raises:
        ValueError: the parameter is not computed in this way.
    """
    if not any(p.name == name and isinstance(p, kind) for p in computed_parameters(module)):
        raise ValueError(f"'{name}' is not normalised in {type(module).__name__}")
    value = getattr(module, name)[...]
    for suffix in suffixes:
        delattr(module, name + suffix)
    store_parameter(module, name, nnx.Param(value))
