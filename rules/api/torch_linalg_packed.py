"""torch and torch.linalg: factors as LAPACK packs them, and what is computed from them."""

import jax
import jax.numpy as jnp
from jax import Array, lax

from tojax.rules.api import torch_api


@torch_api("torch.geqrf", "torch.Tensor.geqrf", fields=("a", "tau"))
def geqrf(input: Array) -> tuple[Array, Array]:
    """QR decomposition as Householder reflections: `R` and the vectors in one array, the scales."""
    return _geqrf(input)


def _geqrf(x: Array) -> tuple[Array, Array]:
    """QR decomposition as Householder reflections."""
    packed, scales = jnp.linalg.qr(x, mode="raw")
    return packed.mT, scales


@torch_api("torch.linalg.householder_product", "torch.orgqr", "torch.Tensor.orgqr")
def householder_product(input: Array, tau: Array) -> Array:
    """Product of Householder reflections."""
    return lax.linalg.householder_product(input, tau)


@torch_api("torch.ormqr", "torch.Tensor.ormqr")
def ormqr(input: Array, tau: Array, other: Array, left=True, transpose=False) -> Array:
    """Product of a matrix with the square `Q` of Householder reflections."""
    return lax.linalg.ormqr(input, tau, other, left=left, transpose=transpose)


@torch_api("torch.linalg.lu", fields=("P", "L", "U"))
def linalg_lu(A: Array, *, pivot=True) -> tuple[Array, Array, Array]:
    """LU decomposition ``P @ L @ U``."""
    if not pivot:
        raise NotImplementedError("lu: JAX always pivots")
    return _lu(A)


def _lu(x: Array) -> tuple[Array, Array, Array]:
    """LU decomposition ``P @ L @ U``."""
    factors, _, order = lax.linalg.lu(x)
    return _unpacked(factors, order)


def _unpacked(factors: Array, order: Array) -> tuple[Array, Array, Array]:
    """The permutation, the lower and the upper factor."""
    rows, columns = factors.shape[-2:]
    size = min(rows, columns)
    lower = jnp.tril(factors[..., :size], -1) + jnp.eye(rows, size, dtype=factors.dtype)
    permutation = jax.nn.one_hot(order, rows, dtype=factors.dtype).mT
    return permutation, lower, jnp.triu(factors[..., :size, :])


@torch_api("torch.linalg.lu_factor", fields=("LU", "pivots"))
def lu_factor(A: Array, *, pivot=True) -> tuple[Array, Array]:
    """LU decomposition in one array, and its pivots, counted from one."""
    if not pivot:
        raise NotImplementedError("lu_factor: JAX always pivots")
    return _lu_factor(A)


def _lu_factor(x: Array) -> tuple[Array, Array]:
    """LU decomposition in one array, and its pivots, counted from one."""
    factors, pivots = jax.scipy.linalg.lu_factor(x)
    return factors, pivots + 1


@torch_api("torch.linalg.lu_factor_ex", fields=("LU", "pivots", "info"))
def lu_factor_ex(A: Array, *, pivot=True, check_errors=False) -> tuple[Array, Array, Array]:
    """LU decomposition in one array, its pivots from one, and the first zero on its diagonal."""
    if not pivot:
        raise NotImplementedError("lu_factor_ex: JAX always pivots")
    return _lu_factor_ex(A)


def _lu_factor_ex(x: Array) -> tuple[Array, Array, Array]:
    """LU decomposition, pivots, and the place from one of the first zero on the diagonal, or 0."""
    factors, pivots = _lu_factor(x)
    is_zero = jnp.diagonal(factors, axis1=-2, axis2=-1) == 0
    place = jnp.where(is_zero.any(-1), jnp.argmax(is_zero, -1) + 1, 0) if pivots.size else 0
    return factors, pivots, jnp.broadcast_to(place, x.shape[:-2])


@torch_api("torch.lu", "torch.Tensor.lu", fields=("LU", "pivots", "info"))
def lu(A: Array, pivot=True, get_infos=False) -> tuple[Array, ...]:
    """LU decomposition in one array, its pivots, and optionally where it failed."""
    if not pivot:
        raise NotImplementedError("lu: JAX always pivots")
    return _lu_factor_ex(A) if get_infos else _lu_factor(A)


@torch_api("torch.lu_unpack", fields=("P", "L", "U"))
def lu_unpack(
    LU_data: Array, LU_pivots: Array, unpack_data=True, unpack_pivots=True
) -> tuple[Array, Array, Array]:
    """The permutation, the lower and the upper factor; empty arrays for what is not wanted."""
    return _lu_unpack(LU_data, LU_pivots, unpack_data, unpack_pivots)


def _lu_unpack(
    factors: Array, pivots: Array, wants_factors: bool, wants_permutation: bool
) -> tuple[Array, Array, Array]:
    """The permutation and the factors; empty arrays for what is not wanted."""
    order = lax.linalg.lu_pivots_to_permutation(pivots - 1, factors.shape[-2])
    permutation, lower, upper = _unpacked(factors, order)
    empty = jnp.zeros(0, factors.dtype)
    factors = (lower, upper) if wants_factors else (empty, empty)
    return permutation if wants_permutation else empty, *factors


@torch_api("torch.linalg.lu_solve")
def linalg_lu_solve(LU: Array, pivots: Array, B: Array, *, left=True, adjoint=False) -> Array:
    """Solution of ``A @ X = B`` or ``X @ A = B`` by the LU decomposition of `A`."""
    if left:
        return jax.scipy.linalg.lu_solve((LU, pivots - 1), B, trans=2 if adjoint else 0)
    return _lu_solve_right(LU, pivots, B, adjoint)


def _lu_solve_right(factors: Array, pivots: Array, b: Array, adjoint) -> Array:
    """Solution of ``x @ a = b``, or of ``x @ a.mT.conj() = b``, by the LU decomposition of `a`."""
    if adjoint:
        return jax.scipy.linalg.lu_solve((factors, pivots - 1), b.mT.conj()).mT.conj()
    return jax.scipy.linalg.lu_solve((factors, pivots - 1), b.mT, trans=1).mT


@torch_api("torch.lu_solve", "torch.Tensor.lu_solve")
def lu_solve(b: Array, LU_data: Array, LU_pivots: Array) -> Array:
    """Solution of ``A @ X = b`` by the LU decomposition of `A`, pivots counted from one."""
    return jax.scipy.linalg.lu_solve((LU_data, LU_pivots - 1), b)
