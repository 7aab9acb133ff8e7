"""torch.linalg: the LDL decomposition of symmetric and Hermitian matrices, packed as by LAPACK.

Bunch and Kaufman's partial pivoting, as in Golub and Van Loan, Matrix Computations, section 4.4:
`D` has blocks of one or two rows. A pivot counts from one; that of a block of two is negative
and stands at both of its rows.
"""

import jax.numpy as jnp
from jax import Array, lax

from tojax.rules.api import torch_api


@torch_api("torch.linalg.ldl_factor", fields=("LD", "pivots"))
def ldl_factor(A: Array, *, hermitian=False) -> tuple[Array, Array]:
    """LDL decomposition in one array, and its pivots."""
    if not A.size:
        return A, jnp.zeros(A.shape[:-1], int)
    return jnp.vectorize(_ldl, excluded={1}, signature="(n,n)->(n,n),(n)")(A, hermitian)


@torch_api("torch.linalg.ldl_factor_ex", fields=("LD", "pivots", "info"))
def ldl_factor_ex(A: Array, *, hermitian=False, check_errors=False) -> tuple[Array, Array, Array]:
    """LDL decomposition in one array, its pivots, and zeros as nothing is checked."""
    return *ldl_factor(A, hermitian=hermitian), jnp.zeros(A.shape[:-2], int)


@torch_api("torch.linalg.ldl_solve")
def ldl_solve(LD: Array, pivots: Array, B: Array, *, hermitian=False) -> Array:
    """Solution of ``A @ X = B`` by the LDL decomposition of `A`."""
    rebuild = jnp.vectorize(_from_ldl, excluded={2}, signature="(n,n),(n)->(n,n)")
    return jnp.linalg.solve(rebuild(LD, pivots, hermitian), B)


def _ldl(x: Array, hermitian) -> tuple[Array, Array]:
    """LDL decomposition of one matrix, of which the lower triangle is read, and its pivots."""
    size = len(x)
    rows = jnp.arange(size)
    lower = jnp.tril(x, -1)
    diagonal = jnp.diag(x).real.astype(x.dtype) if hermitian else jnp.diag(x)
    rest = lower + jnp.diag(diagonal) + (lower.T.conj() if hermitian else lower.T)

    def swapped(a, i, j):
        order = rows.at[i].set(j).at[j].set(i)
        return a[order][:, order]

    def step(state):
        k, rest, packed, pivots = state
        pivot, is_pair = _pivot(rest, k)
        last = jnp.minimum(k + is_pair, size - 1)
        rest = swapped(rest, last, pivot)
        column = jnp.where(rows > last, rest[:, k], 0)
        second = jnp.where((rows > last) & is_pair, rest[:, last], 0)
        columns = jnp.stack([column, second], axis=1)
        across = jnp.where(is_pair, rest[k, last], 0)
        below = jnp.where(is_pair, rest[last, k], 0)
        corner = jnp.where(is_pair, rest[last, last], 1)
        block = jnp.array([[rest[k, k], across], [below, corner]])
        factors = jnp.where(block.any(), columns @ jnp.linalg.inv(block), 0)
        other = columns.conj() if hermitian else columns
        rest_after = rest - factors @ other.T
        first = jnp.where(rows > last, factors[:, 0], jnp.where(rows >= k, rest[:, k], 0))
        packed = packed.at[:, k].set(first)
        next_one = jnp.where(rows > last, factors[:, 1], jnp.where(rows == last, corner, 0))
        packed = jnp.where(is_pair, packed.at[:, last].set(next_one), packed)
        pivots = pivots.at[k].set(jnp.where(is_pair, -pivot - 1, pivot + 1))
        pivots = jnp.where(is_pair, pivots.at[last].set(-pivot - 1), pivots)
        return last + 1, rest_after, packed, pivots

    start = (0, rest, jnp.zeros_like(x), jnp.zeros(size, int))
    _, _, packed, pivots = lax.while_loop(lambda state: state[0] < size, step, start)
    return packed, pivots


def _pivot(x: Array, k) -> tuple[Array, Array]:
    """Which row comes next to the ones up to `k`, and whether it makes a block of two."""
    rows = jnp.arange(len(x))
    alpha = (1 + 17**0.5) / 8
    size = jnp.abs(x.real) + jnp.abs(x.imag)
    column = jnp.where(rows > k, size[:, k], 0)
    largest = column.max()
    other = jnp.argmax(column)
    in_row = jnp.where((rows >= k) & (rows != other), size[other], 0).max()
    keeps = (size[k, k] >= alpha * largest) | (size[k, k] * in_row >= alpha * largest**2)
    is_single = keeps | (size[other, other] >= alpha * in_row)
    return jnp.where(keeps, k, other), ~is_single


def _from_ldl(packed: Array, pivots: Array, hermitian) -> Array:
    """The matrix that has this LDL decomposition."""
    size = len(packed)
    rows = jnp.arange(size)
    is_negative = pivots < 0
    # Blocks of two follow each other without a gap: their first rows are every other one.
    starts = lax.scan(lambda inside, n: (n & ~inside, n & ~inside), False, is_negative)[1]
    lower = jnp.tril(packed, -1)
    below = jnp.where(starts[:-1], jnp.diag(packed, -1), 0)
    blocks = jnp.diag(jnp.diag(packed)) + jnp.diag(below, -1)
    blocks += jnp.diag(below.conj() if hermitian else below, 1)
    factors = lower - jnp.diag(below, -1)

    def step(number, product):
        k = size - 1 - number
        product += jnp.outer(factors[:, k], product[k])
        own, other = k + starts[k], jnp.abs(pivots[k]) - 1
        order = rows.at[own].set(other).at[other].set(own)
        return jnp.where(is_negative[k] & ~starts[k], product, product[order])

    product = lax.fori_loop(0, size, step, jnp.eye(size, dtype=packed.dtype))
    return product @ blocks @ (product.T.conj() if hermitian else product.T)
