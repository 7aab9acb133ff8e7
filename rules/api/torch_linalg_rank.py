"""torch.linalg: what depends on how small a singular value may be: rank, inverse, least squares."""

import jax.numpy as jnp
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.linalg.cond")
def cond(A: Array, p=None) -> Array:
    """Condition number."""
    return jnp.linalg.cond(A, p)


@torch_api("torch.linalg.matrix_rank")
def matrix_rank(A: Array, tol=None, hermitian=False, *, atol=None, rtol=None) -> Array:
    """Rank: the number of singular values above a tolerance."""
    return _matrix_rank(A, atol if tol is None else tol, rtol, hermitian)


def _matrix_rank(x: Array, atol, rtol, hermitian) -> Array:
    """The number of singular values above the larger one of two tolerances; 0 if `x` is empty."""
    if hermitian:
        values = jnp.abs(jnp.linalg.eigvalsh(x, symmetrize_input=False))
    else:
        values = jnp.linalg.svdvals(x)
    return jnp.sum(values > _cutoff(values, x.shape, atol, rtol), axis=-1)


def _cutoff(values: Array, shape, atol, rtol) -> Array:
    """Up to where PyTorch takes singular values of a matrix of this shape for zero."""
    if rtol is None:
        rtol = jnp.finfo(values.dtype).eps * max(shape[-2:]) if atol is None else 0
    largest = jnp.max(values, axis=-1, initial=0)
    return jnp.maximum(0 if atol is None else atol, rtol * largest)[..., None]


@torch_api("torch.pinverse", "torch.Tensor.pinverse")
def pinverse(input: Array, rcond=1e-15) -> Array:
    """Pseudo-inverse."""
    return jnp.linalg.pinv(input, rtol=rcond)


@torch_api("torch.linalg.pinv")
def pinv(A: Array, rcond=None, hermitian=False, *, atol=None, rtol=None) -> Array:
    """Pseudo-inverse."""
    if hermitian is False and atol is None:
        return jnp.linalg.pinv(A, rtol=rtol if rcond is None else rcond)
    return _pinv(A, atol, rtol if rcond is None else rcond, hermitian)


def _pinv(x: Array, atol, rtol, hermitian) -> Array:
    """Pseudo-inverse; of a Hermitian matrix only the lower triangle is read."""
    if hermitian:
        values, right = jnp.linalg.eigh(x, symmetrize_input=False)
        left = right.mT.conj()
    else:
        u, values, vh = jnp.linalg.svd(x, full_matrices=False)
        left, right = u.mT.conj(), vh.mT.conj()
    sizes = jnp.abs(values)
    kept = sizes > _cutoff(sizes, x.shape, atol, rtol)
    inverse = jnp.where(kept, 1 / jnp.where(kept, values, 1), 0)
    return (right * inverse[..., None, :]) @ left


@torch_api("torch.linalg.lstsq", fields=("solution", "residuals", "rank", "singular_values"))
def lstsq(A: Array, B: Array, rcond=None, *, driver=None) -> tuple[Array, Array, Array, Array]:
    """Least-squares solution of ``A @ X = B``, and what else the LAPACK driver computes."""
    result = jnp.linalg.lstsq(A, B, rcond=rcond)
    none = jnp.zeros(0)
    residuals = result[1] if A.shape[-2] > A.shape[-1] else none
    if driver is None or driver == "gelsy":
        return result[0], none, result[2], none
    if driver == "gels":
        return result[0], residuals, none.astype(int), none
    return result[0], residuals, result[2], result[3]
