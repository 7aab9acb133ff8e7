"""torch and torch.linalg: norms, inverses, decompositions and linear systems."""

import jax
import jax.numpy as jnp
import optax
from jax import Array, lax

from tojax.rules.api import torch_api

from .functional_norm import vector_norm as norm_along


@torch_api("torch.linalg.norm")
def linalg_norm(A: Array, ord=None, dim=None, keepdim=False, *, dtype=None) -> Array:
    """Norm of vectors or matrices; its gradient at zero is zero."""
    if dtype is not None:
        A = A.astype(dtype)
    axis = tuple(dim) if isinstance(dim, list) else dim
    if ord is None:
        return optax.safe_norm(A, 0.0, axis=axis, keepdims=keepdim)
    return jnp.linalg.norm(A, ord=ord, axis=axis, keepdims=keepdim)


@torch_api("torch.linalg.vector_norm")
def vector_norm(x: Array, ord=2, dim=None, keepdim=False, *, dtype=None) -> Array:
    """Norm of the elements along axes, taken as one vector; its gradient at zero is zero."""
    if dtype is not None:
        x = x.astype(dtype)
    if ord == 2 and (dim is None or isinstance(dim, int)):
        return optax.safe_norm(x, 0.0, axis=dim, keepdims=keepdim)
    return norm_along(x, ord, axis=tuple(dim) if isinstance(dim, list) else dim, keepdims=keepdim)


@torch_api("torch.linalg.matrix_norm")
def matrix_norm(A: Array, ord="fro", dim=(-2, -1), keepdim=False, *, dtype=None) -> Array:
    """Norm of matrices."""
    if dtype is not None:
        A = A.astype(dtype)
    if ord == "fro":
        return optax.safe_norm(A, 0.0, axis=tuple(dim), keepdims=keepdim)
    return jnp.linalg.norm(A, ord=ord, axis=tuple(dim), keepdims=keepdim)


@torch_api("torch.trace", "torch.Tensor.trace")
def trace(input: Array) -> Array:
    """Sum of the diagonal."""
    return jnp.trace(input)


@torch_api("torch.det", "torch.Tensor.det", "torch.linalg.det")
def det(A: Array) -> Array:
    """Determinant."""
    return jnp.linalg.det(A)


@torch_api(
    "torch.slogdet", "torch.Tensor.slogdet", "torch.linalg.slogdet", fields=("sign", "logabsdet")
)
def slogdet(A: Array) -> tuple[Array, Array]:
    """Sign and logarithm of the absolute value of the determinant."""
    return jnp.linalg.slogdet(A)


@torch_api("torch.logdet", "torch.Tensor.logdet")
def logdet(input: Array) -> Array:
    """Logarithm of the determinant; NaN if that is negative."""
    return _logdet(input)


def _logdet(x: Array) -> Array:
    """Logarithm of the determinant; NaN if that is negative."""
    sign, log = jnp.linalg.slogdet(x)
    return jnp.where(sign == -1, jnp.nan, log)


@torch_api("torch.inverse", "torch.Tensor.inverse", "torch.linalg.inv")
def inverse(A: Array) -> Array:
    """Inverse."""
    return jnp.linalg.inv(A)


@torch_api("torch.linalg.inv_ex", fields=("inverse", "info"))
def inv_ex(A: Array, *, check_errors=False) -> tuple[Array, Array]:
    """Inverse, and zeros as nothing is checked."""
    return jnp.linalg.inv(A), jnp.zeros(A.shape[:-2], int)


@torch_api("torch.cholesky", "torch.Tensor.cholesky")
def cholesky(input: Array, upper=False) -> Array:
    """Cholesky decomposition."""
    return jnp.linalg.cholesky(input, upper=upper)


@torch_api("torch.linalg.cholesky")
def linalg_cholesky(A: Array, *, upper=False) -> Array:
    """Cholesky decomposition."""
    return jnp.linalg.cholesky(A, upper=upper)


@torch_api("torch.linalg.cholesky_ex", fields=("L", "info"))
def cholesky_ex(A: Array, *, upper=False, check_errors=False) -> tuple[Array, Array]:
    """Cholesky decomposition, and a flag for failure."""
    return _cholesky_ex(A, upper)


def _cholesky_ex(x: Array, upper) -> tuple[Array, Array]:
    """Cholesky decomposition, and where it failed."""
    factor = jnp.linalg.cholesky(x, upper=upper)
    return factor, jnp.isnan(factor).any((-2, -1)).astype(int)


@torch_api("torch.cholesky_solve", "torch.Tensor.cholesky_solve")
def cholesky_solve(B: Array, L: Array, upper=False) -> Array:
    """Solution of a system whose matrix has the Cholesky factor `L`."""
    return jax.scipy.linalg.cho_solve((L, not upper), B)


@torch_api("torch.cholesky_inverse", "torch.Tensor.cholesky_inverse")
def cholesky_inverse(L: Array, upper=False) -> Array:
    """Inverse of the matrix that has the Cholesky factor `L`."""
    if upper:
        return jnp.linalg.inv(jnp.triu(L).mT.conj() @ jnp.triu(L))
    return jnp.linalg.inv(jnp.tril(L) @ jnp.tril(L).mT.conj())


@torch_api("torch.qr", "torch.Tensor.qr", fields=("Q", "R"))
def qr(input: Array, some=True) -> tuple[Array, Array]:
    """QR decomposition."""
    return jnp.linalg.qr(input, mode="reduced" if some else "complete")


@torch_api("torch.linalg.qr", fields=("Q", "R"))
def linalg_qr(A: Array, mode="reduced") -> tuple[Array, Array]:
    """QR decomposition."""
    if mode == "r":
        return jnp.zeros(0, A.dtype), jnp.linalg.qr(A, mode="r")
    return jnp.linalg.qr(A, mode=mode)


@torch_api("torch.svd", "torch.Tensor.svd", fields=("U", "S", "V"))
def svd(input: Array, some=True, compute_uv=True) -> tuple[Array, Array, Array]:
    """Singular value decomposition ``U @ diag(S) @ V.T``."""
    if not compute_uv:
        raise NotImplementedError("svd: compute_uv=False; use torch.linalg.svdvals")
    return _svd(input, not some)


def _svd(x: Array, full_matrices=False) -> tuple[Array, Array, Array]:
    """Singular value decomposition ``U @ diag(S) @ V.T``."""
    u, s, vh = jnp.linalg.svd(x, full_matrices=full_matrices)
    return u, s, vh.mT.conj()


@torch_api("torch.linalg.svd", fields=("U", "S", "Vh"))
def linalg_svd(A: Array, full_matrices=True, *, driver=None) -> tuple[Array, Array, Array]:
    """Singular value decomposition ``U @ diag(S) @ Vh``."""
    return jnp.linalg.svd(A, full_matrices=full_matrices)


@torch_api("torch.linalg.svdvals")
def svdvals(A: Array, *, driver=None) -> Array:
    """Singular values."""
    return jnp.linalg.svdvals(A)


@torch_api("torch.linalg.eigh", fields=("eigenvalues", "eigenvectors"))
def eigh(A: Array, UPLO="L") -> tuple[Array, Array]:
    """Eigenvalues and eigenvectors of a Hermitian matrix, of which one triangle is read."""
    if UPLO == "L":
        return jnp.linalg.eigh(A, symmetrize_input=False)
    return jnp.linalg.eigh(A, UPLO=UPLO, symmetrize_input=False)


@torch_api("torch.linalg.eigvalsh")
def eigvalsh(A: Array, UPLO="L") -> Array:
    """Eigenvalues of a Hermitian matrix, of which one triangle is read."""
    return jnp.linalg.eigvalsh(A, UPLO=UPLO, symmetrize_input=False)


@torch_api("torch.linalg.eig", fields=("eigenvalues", "eigenvectors"))
def eig(A: Array) -> tuple[Array, Array]:
    """Eigenvalues and eigenvectors."""
    return jnp.linalg.eig(A)


@torch_api("torch.linalg.eigvals")
def eigvals(A: Array) -> Array:
    """Eigenvalues."""
    return jnp.linalg.eigvals(A)


@torch_api("torch.linalg.solve")
def solve(A: Array, B: Array, *, left=True) -> Array:
    """Solution of ``A @ X = B``, or of ``X @ A = B``."""
    return _solve(A, B, left)


def _solve(a: Array, b: Array, left=True) -> Array:
    """Solution of a linear system; `b` is one vector, matrices, or a vector for each matrix."""
    if b.ndim == 1:
        return jnp.linalg.solve(a, b)
    if b.shape == a.shape[:-1]:
        return jnp.linalg.solve(a, b[..., None])[..., 0]
    return jnp.linalg.solve(a, b) if left else jnp.linalg.solve(a.mT, b.mT).mT


@torch_api("torch.linalg.solve_ex", fields=("result", "info"))
def solve_ex(A: Array, B: Array, *, left=True, check_errors=False) -> tuple[Array, Array]:
    """Solution of a linear system, and zeros as nothing is checked."""
    return _solve(A, B, left), jnp.zeros(A.shape[:-2], int)


@torch_api("torch.linalg.solve_triangular")
def solve_triangular(A: Array, B: Array, *, upper, left=True, unitriangular=False) -> Array:
    """Solution of a triangular system."""
    if left and upper:
        return jax.scipy.linalg.solve_triangular(A, B, unit_diagonal=unitriangular)
    if left:
        return jax.scipy.linalg.solve_triangular(A, B, lower=True, unit_diagonal=unitriangular)
    return _solve_triangular_right(A, B, upper, unitriangular)


def _solve_triangular_right(a: Array, b: Array, upper, unit_diagonal) -> Array:
    """Solution of ``x @ a = b`` for a triangular `a`."""
    batch = jnp.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    a = jnp.broadcast_to(a, batch + a.shape[-2:])
    b = jnp.broadcast_to(b, batch + b.shape[-2:])
    return lax.linalg.triangular_solve(a, b, lower=not upper, unit_diagonal=unit_diagonal)


@torch_api(
    "torch.triangular_solve",
    "torch.Tensor.triangular_solve",
    fields=("solution", "cloned_coefficient"),
)
def triangular_solve(
    b: Array, A: Array, upper=True, transpose=False, unitriangular=False
) -> tuple[Array, Array]:
    """Solution of a triangular system, and its matrix."""
    trans = int(transpose)
    solution = jax.scipy.linalg.solve_triangular(
        A, b, trans=trans, lower=not upper, unit_diagonal=unitriangular
    )
    return solution, A


@torch_api("torch.matrix_power", "torch.Tensor.matrix_power", "torch.linalg.matrix_power")
def matrix_power(A: Array, n) -> Array:
    """Power of a matrix."""
    return jnp.linalg.matrix_power(A, n)


@torch_api("torch.matrix_exp", "torch.Tensor.matrix_exp", "torch.linalg.matrix_exp")
def matrix_exp(A: Array) -> Array:
    """Exponential of a matrix."""
    return jax.scipy.linalg.expm(A)


@torch_api("torch.linalg.tensorinv")
def tensorinv(A: Array, ind=2) -> Array:
    """Inverse with respect to `tensordot`."""
    return jnp.linalg.tensorinv(A, ind=ind)


@torch_api("torch.linalg.tensorsolve")
def tensorsolve(A: Array, B: Array, dims=None) -> Array:
    """Solution with respect to `tensordot`."""
    if dims is None:
        return jnp.linalg.tensorsolve(A, B)
    return _tensorsolve(A, B, dims)


def _tensorsolve(a: Array, b: Array, axes) -> Array:
    """Solution with respect to `tensordot`, the given axes of `a` moved to its end."""
    moved = jnp.moveaxis(a, axes, range(-len(axes), 0))
    return jnp.linalg.tensorsolve(moved, b.reshape(moved.shape[: b.ndim]))


@torch_api("torch.linalg.vander")
def vander(x: Array, *, N=None) -> Array:
    """Powers of the last axis, from zero up."""
    return jnp.atleast_1d(x)[..., None] ** jnp.arange(x.shape[-1] if N is None else N)
