"""rules/api: the LDL decomposition, against torch, with blocks of one and of two rows."""

import numpy as np
import pytest
import torch
from rules.api import torch_linalg_ldl

from tests.rules.compare import assert_same, to_jax


def matrices(hermitian):
    draws = np.random.default_rng(4).normal(size=(2, 6, 6, 6)).astype("float32")
    x = torch.from_numpy(draws[0])
    x = torch.complex(x, torch.from_numpy(draws[1])) if hermitian else x
    x = x + (x.mH if hermitian else x.mT)
    x[3:].diagonal(dim1=-2, dim2=-1).mul_(0.05)  # small pivots are passed over
    return x


@pytest.mark.parametrize("hermitian", [False, True])
def test_factors_and_solution(hermitian):
    x = matrices(hermitian)
    factors, pivots = torch.linalg.ldl_factor(x, hermitian=hermitian)
    assert (pivots < 0).any() and (pivots > 0).any()
    actual = torch_linalg_ldl.ldl_factor(to_jax(x), hermitian=hermitian)
    assert_same(actual, (factors, pivots), rtol=1e-3, atol=1e-3)
    right = torch.ones(6, 6, 2, dtype=x.dtype)
    actual = torch_linalg_ldl.ldl_solve(*to_jax([factors, pivots, right]), hermitian=hermitian)
    np.testing.assert_allclose(to_jax(x) @ actual, right.numpy(), rtol=2e-3, atol=2e-3)


def test_only_the_lower_triangle_is_read():
    x = matrices(False)[0]
    actual = torch_linalg_ldl.ldl_factor_ex(to_jax(x.tril()))
    assert_same(actual, tuple(torch.linalg.ldl_factor_ex(x)), rtol=1e-3, atol=1e-3)
