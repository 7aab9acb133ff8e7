"""rules/api: factors as LAPACK packs them, against torch."""

import numpy as np
import pytest
import torch
from rules.api import torch_linalg_packed

from tests.rules.compare import assert_same, to_jax

RNG = np.random.default_rng(0)
SQUARE = torch.from_numpy(RNG.normal(size=(2, 3, 3)).astype("float32"))
TALL = torch.from_numpy(RNG.normal(size=(4, 3)).astype("float32"))
RIGHT = torch.from_numpy(RNG.normal(size=(2, 3, 2)).astype("float32"))
FACTORS, PIVOTS = torch.linalg.lu_factor(SQUARE)
PACKED = torch.geqrf(TALL)
SINGULAR = torch.tensor([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.0, 1.0]])

CALLS = [
    (torch_linalg_packed.geqrf, torch.geqrf, (TALL,), {}),
    (torch_linalg_packed.householder_product, torch.linalg.householder_product, PACKED, {}),
    (torch_linalg_packed.ormqr, torch.ormqr, (*PACKED, TALL), {"transpose": True}),
    (torch_linalg_packed.ormqr, torch.ormqr, (*PACKED, TALL.mT), {"left": False}),
    (torch_linalg_packed.lu, torch.lu, (TALL,), {"get_infos": True}),
    (torch_linalg_packed.lu_factor_ex, torch.linalg.lu_factor_ex, (SQUARE,), {}),
    (torch_linalg_packed.lu_factor_ex, torch.linalg.lu_factor_ex, (SINGULAR,), {}),
    (torch_linalg_packed.lu_unpack, torch.lu_unpack, (FACTORS, PIVOTS), {}),
    (torch_linalg_packed.lu_unpack, torch.lu_unpack, torch.linalg.lu_factor(TALL), {}),
    (torch_linalg_packed.lu_unpack, torch.lu_unpack, (FACTORS, PIVOTS), {"unpack_data": False}),
    (torch_linalg_packed.lu_solve, torch.lu_solve, (RIGHT, FACTORS, PIVOTS), {}),
]


@pytest.mark.parametrize(("rule", "function", "args", "kwargs"), CALLS)
def test_values(rule, function, args, kwargs):
    assert_same(rule(*to_jax(args), **kwargs), function(*args, **kwargs), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("left", [True, False])
@pytest.mark.parametrize("adjoint", [True, False])
def test_solving_from_either_side(left, adjoint):
    right = RIGHT if left else RIGHT.mT
    options = {"left": left, "adjoint": adjoint}
    actual = torch_linalg_packed.linalg_lu_solve(*to_jax([FACTORS, PIVOTS, right]), **options)
    expected = torch.linalg.lu_solve(FACTORS, PIVOTS, right, **options)
    assert_same(actual, expected, rtol=1e-4, atol=1e-5)
