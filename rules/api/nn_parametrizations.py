"""torch.nn.utils.parametrizations: weight, spectral and orthogonal normalisation."""

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array, lax

from tojax.rules.api import torch_api

from .nn_parametrize import register_parametrization


@torch_api("torch.nn.utils.parametrizations.weight_norm")
def weight_norm(module: nnx.Module, name="weight", dim=0):
    """Parametrize a weight by its lengths and its direction; returns the module."""
    register_parametrization(module, name, _WeightNorm(dim))
    return module


class _WeightNorm(nnx.Module):
    """A weight from its lengths, along all axes but ``dim``, and its direction."""

    def __init__(self, dim: int | None):
        self.dim = dim

    def __call__(self, lengths: Array, direction: Array) -> Array:
        return direction * (lengths / length_along(direction, self.dim))

    def right_inverse(self, weight: Array) -> tuple[Array, Array]:
        return length_along(weight, self.dim), weight


def length_along(weight: Array, dim: int | None) -> Array:
    """The norm of each slice at an index of axis ``dim``; that of all entries for None and -1."""
    if dim is None or dim == -1:
        return jnp.sqrt(jnp.sum(weight**2))
    axes = tuple(axis for axis in range(weight.ndim) if axis != dim % weight.ndim)
    return jnp.sqrt(jnp.sum(weight**2, axis=axes, keepdims=True))


@torch_api("torch.nn.utils.parametrizations.spectral_norm")
def spectral_norm(module: nnx.Module, name="weight", n_power_iterations=1, eps=1e-12, dim=None):
    """Divide a weight by its largest singular value; returns the module."""
    weight = getattr(module, name)[...]
    dim = output_axis(module) if dim is None else dim
    step = _SpectralNorm(weight, n_power_iterations, dim, eps)
    register_parametrization(module, name, step)
    return module


def output_axis(module: nnx.Module) -> int:
    """The axis of a layer's weight that counts the outputs."""
    is_transposed_convolution = hasattr(module, "output_padding")
    return 1 if is_transposed_convolution else 0


class _SpectralNorm(nnx.Module):
    """A weight divided by its largest singular value.

    The singular vectors are estimated by power iterations, which go on with each use in training.
    """

    def __init__(self, weight: Array, n_power_iterations: int, dim: int, eps: float):
        self.n_power_iterations = n_power_iterations
        self.dim = dim
        self.eps = eps
        self.use_running_average = False
        if weight.ndim > 1:
            u, v = singular_vectors(as_matrix(weight, dim))
            self._u, self._v = nnx.BatchStat(u), nnx.BatchStat(v)

    def __call__(self, weight: Array) -> Array:
        if weight.ndim == 1:
            return unit(weight, self.eps)
        matrix = as_matrix(weight, self.dim)
        if not self.use_running_average:
            self._iterate(lax.stop_gradient(matrix))
        return weight / jnp.vdot(self._u[...], matrix @ self._v[...])

    def right_inverse(self, weight: Array) -> Array:
        return weight

    def _iterate(self, matrix: Array) -> None:
        for _ in range(self.n_power_iterations):
            self._u[...] = unit(matrix @ self._v[...], self.eps)
            self._v[...] = unit(matrix.conj().T @ self._u[...], self.eps)


def as_matrix(weight: Array, dim: int) -> Array:
    """The weight with one row for each index of axis ``dim``."""
    return jnp.moveaxis(weight, dim, 0).reshape(weight.shape[dim], -1)


def singular_vectors(matrix: Array) -> tuple[Array, Array]:
    """The vectors of the largest singular value, where PyTorch starts from random ones."""
    left, _, right = jnp.linalg.svd(matrix, full_matrices=False)
    return left[:, 0], right[0].conj()


def unit(vector: Array, eps: float) -> Array:
    """A vector scaled to length one, if it is not shorter than ``eps``."""
    return vector / jnp.maximum(jnp.linalg.norm(vector), eps)


@torch_api("torch.nn.utils.parametrizations.orthogonal")
def orthogonal(module: nnx.Module, name="weight", orthogonal_map=None, *, use_trivialization=True):
    """Keep the rows or columns of a weight orthonormal; returns the module.

    Args:
        orthogonal_map: ``"matrix_exp"``, ``"cayley"`` or ``"householder"``; by default the first
            for square or complex matrices and the last for others.
        use_trivialization: start the map at the present weight, whose closest orthonormal matrix
            is kept as a buffer.
    """
    weight = getattr(module, name)[...]
    if orthogonal_map is None:
        plain = weight.shape[-2] != weight.shape[-1] and not jnp.iscomplexobj(weight)
        orthogonal_map = "householder" if plain else "matrix_exp"
    register_parametrization(module, name, _Orthogonal(orthogonal_map, use_trivialization))
    return module


class _Orthogonal(nnx.Module):
    """A matrix with orthonormal columns, or rows if it is wide, from any matrix of its shape."""

    def __init__(self, orthogonal_map: str, use_trivialization: bool):
        self.orthogonal_map = orthogonal_map
        self.base = nnx.data(None)
        self.use_trivialization = use_trivialization

    def __call__(self, x: Array) -> Array:
        rows, columns = x.shape[-2:]
        if rows < columns:
            return self._orthonormal(x.mT).mT
        return self._orthonormal(x)

    def _orthonormal(self, x: Array) -> Array:
        if self.orthogonal_map == "householder":
            q = _reflections(jnp.tril(x, -1)) * jnp.trunc(
                lax.stop_gradient(jnp.diagonal(x, axis1=-2, axis2=-1))[..., None, :]
            )
        else:
            q = _rotation(x, self.orthogonal_map)
        return q if self.base is None else self.base[...] @ q

    def right_inverse(self, q: Array) -> Array:
        """Minus the identity, at which the map is the matrix ``base``; or reflections for ``q``."""
        is_wide = q.shape[-2] < q.shape[-1]
        tall = q.mT if is_wide else q
        if self.use_trivialization:
            self.base = nnx.Variable(_completed(tall))
            return jnp.broadcast_to(-jnp.eye(*q.shape[-2:], dtype=q.dtype), q.shape)
        if self.orthogonal_map != "householder":
            raise NotImplementedError("without use_trivialization only reflections are assigned")
        packed, scales = jnp.linalg.qr(tall, mode="raw")
        packed = packed.mT
        diagonal = jnp.sign(jnp.diagonal(packed, axis1=-2, axis2=-1))
        diagonal = jnp.where(scales == 0, -diagonal, diagonal)
        x = jnp.where(jnp.eye(*tall.shape[-2:], dtype=bool), diagonal[..., None, :], packed)
        return x.mT if is_wide else x


def _reflections(below: Array) -> Array:
    """The first columns of the product of the Householder reflections by unit lower columns."""
    rows, columns = below.shape[-2:]
    identity = jnp.eye(rows, columns, dtype=below.dtype)
    v = below + identity
    products = v.mT @ v
    # The compact form I - V T V' of the product, where T⁻¹ is this triangle.
    inverse = jnp.triu(products) - jnp.eye(columns) * products / 2
    top = v[..., :columns, :].mT
    return identity - v @ jax.scipy.linalg.solve_triangular(inverse, top)


def _rotation(x: Array, orthogonal_map: str) -> Array:
    """Columns of a rotation that the lower triangle of ``x`` gives."""
    rows, columns = x.shape[-2:]
    padding = [(0, 0)] * (x.ndim - 1) + [(0, rows - columns)]
    lower = jnp.pad(jnp.tril(x), padding)
    skew = lower - lower.conj().mT
    if orthogonal_map == "matrix_exp":
        return jax.scipy.linalg.expm(skew)[..., :columns]
    identity = jnp.eye(rows, dtype=x.dtype)
    return jnp.linalg.solve(identity - skew / 2, identity + skew / 2)[..., :columns]


def _completed(tall: Array) -> Array:
    """The orthogonal matrix whose first columns are the orthonormal factor of ``tall``."""
    columns = tall.shape[-1]
    q, r = jnp.linalg.qr(tall, mode="complete")
    signs = jnp.sign(jnp.diagonal(r, axis1=-2, axis2=-1))[..., None, :]
    return jnp.concatenate([q[..., :columns] * signs, q[..., columns:]], axis=-1)
