"""torch.special: orthogonal polynomials, by their recurrences in the degree.

Degrees are arrays too and are cut to integers; a negative degree gives zero.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array, lax

from tojax.rules.api import torch_api


@torch_api("torch.special.chebyshev_polynomial_t")
def chebyshev_polynomial_t(input: Array, n) -> Array:
    """Chebyshev polynomial of the first kind of degree `n`."""
    return _by_degree(input, n, input, lambda k, p, before: 2 * input * p - before)


@torch_api("torch.special.chebyshev_polynomial_u")
def chebyshev_polynomial_u(input: Array, n) -> Array:
    """Chebyshev polynomial of the second kind of degree `n`."""
    return _by_degree(input, n, 2 * input, lambda k, p, before: 2 * input * p - before)


@torch_api("torch.special.chebyshev_polynomial_v")
def chebyshev_polynomial_v(input: Array, n) -> Array:
    """Chebyshev polynomial of the third kind of degree `n`."""
    return _by_degree(input, n, 2 * input - 1, lambda k, p, before: 2 * input * p - before)


@torch_api("torch.special.chebyshev_polynomial_w")
def chebyshev_polynomial_w(input: Array, n) -> Array:
    """Chebyshev polynomial of the fourth kind of degree `n`."""
    return _by_degree(input, n, 2 * input + 1, lambda k, p, before: 2 * input * p - before)


@torch_api("torch.special.shifted_chebyshev_polynomial_t")
def shifted_chebyshev_polynomial_t(input: Array, n) -> Array:
    """Chebyshev polynomial of the first kind on [0, 1]."""
    return chebyshev_polynomial_t(2 * input - 1, n)


@torch_api("torch.special.shifted_chebyshev_polynomial_u")
def shifted_chebyshev_polynomial_u(input: Array, n) -> Array:
    """Chebyshev polynomial of the second kind on [0, 1]."""
    return chebyshev_polynomial_u(2 * input - 1, n)


@torch_api("torch.special.shifted_chebyshev_polynomial_v")
def shifted_chebyshev_polynomial_v(input: Array, n) -> Array:
    """Chebyshev polynomial of the third kind on [0, 1]."""
    return chebyshev_polynomial_v(2 * input - 1, n)


@torch_api("torch.special.shifted_chebyshev_polynomial_w")
def shifted_chebyshev_polynomial_w(input: Array, n) -> Array:
    """Chebyshev polynomial of the fourth kind on [0, 1]."""
    return chebyshev_polynomial_w(2 * input - 1, n)


@torch_api("torch.special.hermite_polynomial_h")
def hermite_polynomial_h(input: Array, n) -> Array:
    """Physicist's Hermite polynomial of degree `n`."""
    return _by_degree(input, n, 2 * input, lambda k, p, before: 2 * (input * p - k * before))


@torch_api("torch.special.hermite_polynomial_he")
def hermite_polynomial_he(input: Array, n) -> Array:
    """Probabilist's Hermite polynomial of degree `n`."""
    return _by_degree(input, n, input, lambda k, p, before: input * p - k * before)


@torch_api("torch.special.laguerre_polynomial_l")
def laguerre_polynomial_l(input: Array, n) -> Array:
    """Laguerre polynomial of degree `n`."""

    def step(k, p, before):
        return ((2 * k + 1 - input) * p - k * before) / (k + 1)

    return _by_degree(input, n, 1 - input, step)


@torch_api("torch.special.legendre_polynomial_p")
def legendre_polynomial_p(input: Array, n) -> Array:
    """Legendre polynomial of degree `n`."""

    def step(k, p, before):
        return ((2 * k + 1) * input * p - k * before) / (k + 1)

    return _by_degree(input, n, input, step)


def _by_degree(x: Array, degree, first: Array, step) -> Array:
    """The polynomials of each degree, by ``step(k, p_k, p_{k-1})`` from 1 and `first` up."""
    x, first = jnp.asarray(x), jnp.asarray(first)
    shape = jnp.broadcast_shapes(x.shape, jnp.shape(degree))
    dtype = jnp.promote_types(first.dtype, jnp.float32)
    wanted = jnp.broadcast_to(jnp.trunc(jnp.asarray(degree)), shape)

    def climb(k, state):
        p, before, result = state
        p, before = step(k, p, before), p
        return p, before, jnp.where(wanted == k + 1, p, result)

    one, first = jnp.ones(x.shape, dtype), first.astype(dtype)
    start = jnp.where(wanted == 1, first, jnp.where(wanted == 0, one, jnp.zeros(shape, dtype)))
    highest = degree if isinstance(degree, int) else jnp.max(wanted, initial=1).astype(int)
    return lax.fori_loop(1, highest, climb, (first, one, start))[2]
