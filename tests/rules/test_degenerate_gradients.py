"""Where a norm or deviation is zero PyTorch's gradient is zero; that of a square root is not."""

from __future__ import annotations

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from rules.api import functional_distance, functional_norm, torch_linalg_solve, torch_reduce

ROWS = [[0.0, 0.0, 0.0], [2.0, 2.0, 2.0], [3.0, -1.0, 4.0]]
FUNCTIONS = {
    "norm": (torch.norm, torch_reduce.norm, {"dim": -1}),
    "norm kept": (torch.norm, torch_reduce.norm, {"dim": -1, "keepdim": True}),
    "cubic norm": (torch.norm, torch_reduce.norm, {"p": 3, "dim": -1}),
    "linalg.norm": (torch.linalg.norm, torch_linalg_solve.linalg_norm, {"dim": -1}),
    "vector_norm": (torch.linalg.vector_norm, torch_linalg_solve.vector_norm, {"dim": -1}),
    "std": (torch.std, torch_reduce.std, {"dim": -1}),
    "biased std": (torch.std, torch_reduce.std, {"dim": -1, "correction": 0}),
    "std_mean": (torch.std_mean, torch_reduce.std_mean, {"dim": -1}),
    "normalize": (torch.nn.functional.normalize, functional_norm.normalize, {"dim": -1}),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_rows_of_zeros_and_constant_rows(name: str) -> None:
    theirs, ours, options = FUNCTIONS[name]
    x = torch.tensor(ROWS, requires_grad=True)
    results = theirs(x, **options)
    results = results if isinstance(results, tuple) else (results,)
    sum((result * (n + 1)).sum() for n, result in enumerate(results)).backward()

    def total(x):
        found = ours(x, **options)
        found = found if isinstance(found, tuple) else (found,)
        return sum(jnp.sum(result) * (n + 1) for n, result in enumerate(found))

    np.testing.assert_allclose(jax.grad(total)(jnp.array(ROWS)), x.grad, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("options", [{}, {"p": 3}])
def test_norms_and_distances_of_zeros(options: dict) -> None:
    x = torch.zeros(2, 3, requires_grad=True)
    torch.norm(x, **options).backward()
    zeros = jnp.zeros((2, 3))
    for total in (torch_reduce.norm, lambda x, **options: torch_reduce.dist(x, zeros, **options)):
        found = jax.grad(functools.partial(total, **options))(zeros)
        np.testing.assert_array_equal(found, x.grad)


def test_matrix_norm_of_zeros() -> None:
    found = jax.grad(torch_linalg_solve.matrix_norm)(jnp.zeros((2, 3)))
    np.testing.assert_array_equal(found, np.zeros((2, 3)))


def test_cosine_of_zeros() -> None:
    x, y = torch.zeros(2, 3, requires_grad=True), torch.ones(2, 3)
    torch.cosine_similarity(x, y).sum().backward()
    found = jax.grad(lambda x: functional_distance.cosine_similarity(x, jnp.ones((2, 3))).sum())
    np.testing.assert_allclose(found(jnp.zeros((2, 3))), x.grad, rtol=1e-5)
