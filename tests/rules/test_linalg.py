"""rules/api: linear algebra, against torch."""

import jax.numpy as jnp
import numpy as np
import pytest
import torch
from rules.api import torch_linalg, torch_linalg_packed, torch_linalg_rank, torch_linalg_solve

from tests.rules.compare import assert_rule, assert_same, to_jax
from tests.rules.gradients import assert_gradient

RNG = np.random.default_rng(0)


def normal(*shape):
    return torch.from_numpy(RNG.normal(size=shape).astype("float32"))


A, B, C = normal(3, 4), normal(4, 2), normal(3, 2)
BATCH, OTHER, BIAS = normal(2, 3, 4), normal(2, 4, 5), normal(2, 3, 5)
VECTOR, ROW, EXTRA = normal(4), normal(3), normal(5, 4)
SQUARE = normal(2, 3, 3) + 2 * torch.eye(3)
POSITIVE = SQUARE @ SQUARE.mT + torch.eye(3)
FACTOR = torch.linalg.cholesky(POSITIVE)
RIGHT = normal(2, 3, 2)

PRODUCTS = [
    (torch_linalg.matmul, torch.matmul, (A, B), {}),
    (torch_linalg.matmul, torch.matmul, (BATCH, VECTOR), {}),
    (torch_linalg.matmul, torch.matmul, (VECTOR, B), {}),
    (torch_linalg.mm, torch.bmm, (BATCH, OTHER), {}),
    (torch_linalg.mm, torch.spmm, (A, B), {}),
    (torch_linalg.mm, torch.sparse.mm, (A, B), {}),
    (torch_linalg.mv, torch.mv, (A, VECTOR), {}),
    (torch_linalg.dot, torch.dot, (VECTOR, VECTOR), {}),
    (torch_linalg.inner, torch.inner, (BATCH, A), {}),
    (torch_linalg.outer, torch.outer, (VECTOR, ROW), {}),
    (torch_linalg.addmm, torch.addmm, (C, A, B), {}),
    (torch_linalg.addmm, torch.addmm, (C, A, B), {"beta": 0.5, "alpha": -2}),
    (torch_linalg.addmm, torch.addmm, (C * torch.nan, A, B), {"beta": 0}),
    (torch_linalg.baddbmm, torch.baddbmm, (BIAS, BATCH, OTHER), {"alpha": 3}),
    (torch_linalg.addbmm, torch.addbmm, (BIAS[0], BATCH, OTHER), {"beta": 2}),
    (torch_linalg.addmv, torch.addmv, (ROW, A, VECTOR), {"alpha": 3, "beta": 2}),
    (torch_linalg.addr, torch.addr, (A, ROW, VECTOR), {"alpha": 3, "beta": 2}),
    (torch_linalg.chain_matmul, torch.chain_matmul, (A, B, C.T), {}),
    (torch_linalg.multi_dot, torch.linalg.multi_dot, ([A, B, C.T],), {}),
    (torch_linalg.tensordot, torch.tensordot, (BATCH, A), {}),
    (torch_linalg.tensordot, torch.tensordot, (BATCH, OTHER, ([0, 2], [0, 1])), {}),
    (torch_linalg.cross, torch.cross, (SQUARE, SQUARE.flip(0), -1), {}),
    (torch_linalg.linalg_cross, torch.linalg.cross, (A, A.flip(1)), {"dim": 0}),
    (torch_linalg.vecdot, torch.linalg.vecdot, (BATCH, A), {}),
    (torch_linalg.cdist, torch.cdist, (BATCH, A), {}),
    (torch_linalg.cdist, torch.cdist, (A, A), {}),
    (torch_linalg.cdist, torch.cdist, (A, A.flip(0)), {"p": 1.0}),
    (torch_linalg.cdist, torch.cdist, (A, EXTRA), {"p": float("inf")}),
    (torch_linalg.cdist, torch.cdist, (A, EXTRA), {"p": 3.0}),
]

DECOMPOSITIONS = [
    (torch_linalg_solve.linalg_norm, torch.linalg.norm, (A,), {}),
    (torch_linalg_solve.linalg_norm, torch.linalg.norm, (A, 2), {}),
    (torch_linalg_solve.linalg_norm, torch.linalg.norm, (A, 1, 0, True), {}),
    (torch_linalg_solve.linalg_norm, torch.linalg.norm, (BATCH, "nuc", [0, 2]), {}),
    (torch_linalg_solve.vector_norm, torch.linalg.vector_norm, (BATCH, 3, (0, 1)), {}),
    (torch_linalg_solve.matrix_norm, torch.linalg.matrix_norm, (BATCH,), {}),
    (torch_linalg_solve.matrix_norm, torch.linalg.matrix_norm, (BATCH, 1), {}),
    (torch_linalg_rank.cond, torch.linalg.cond, (SQUARE,), {}),
    (torch_linalg_solve.trace, torch.trace, (A,), {}),
    (torch_linalg_solve.det, torch.det, (SQUARE,), {}),
    (torch_linalg_solve.slogdet, torch.slogdet, (SQUARE,), {}),
    (torch_linalg_solve.logdet, torch.logdet, (POSITIVE,), {}),
    (torch_linalg_solve.inverse, torch.inverse, (SQUARE,), {}),
    (torch_linalg_solve.inv_ex, torch.linalg.inv_ex, (SQUARE,), {}),
    (torch_linalg_rank.pinverse, torch.pinverse, (A,), {}),
    (torch_linalg_rank.pinv, torch.linalg.pinv, (BATCH, 1e-3), {}),
    (torch_linalg_solve.cholesky, torch.cholesky, (POSITIVE, True), {}),
    (torch_linalg_solve.linalg_cholesky, torch.linalg.cholesky, (POSITIVE,), {}),
    (torch_linalg_solve.cholesky_ex, torch.linalg.cholesky_ex, (POSITIVE,), {}),
    (torch_linalg_solve.svdvals, torch.linalg.svdvals, (A,), {}),
    (torch_linalg_solve.eigvalsh, torch.linalg.eigvalsh, (POSITIVE,), {}),
    (torch_linalg_solve.solve, torch.linalg.solve, (SQUARE, RIGHT), {}),
    (torch_linalg_solve.solve, torch.linalg.solve, (SQUARE[0], ROW), {}),
    (torch_linalg_solve.solve, torch.linalg.solve, (SQUARE, RIGHT.mT), {"left": False}),
    (torch_linalg_solve.solve_ex, torch.linalg.solve_ex, (SQUARE, RIGHT), {}),
    (
        torch_linalg_solve.solve_triangular,
        torch.linalg.solve_triangular,
        (SQUARE.tril(), RIGHT),
        {"upper": False},
    ),
    (
        torch_linalg_solve.solve_triangular,
        torch.linalg.solve_triangular,
        (SQUARE.triu(), RIGHT),
        {"upper": True, "unitriangular": True},
    ),
    (
        torch_linalg_solve.solve_triangular,
        torch.linalg.solve_triangular,
        (SQUARE.triu(), RIGHT.mT),
        {"upper": True, "left": False},
    ),
    (torch_linalg_packed.linalg_lu, torch.linalg.lu, (SQUARE,), {}),
    (torch_linalg_packed.lu_factor, torch.linalg.lu_factor, (SQUARE,), {}),
    (torch_linalg_solve.matrix_power, torch.matrix_power, (SQUARE, 3), {}),
    (torch_linalg_solve.matrix_power, torch.matrix_power, (SQUARE, -1), {}),
    (torch_linalg_solve.matrix_exp, torch.matrix_exp, (SQUARE / 3,), {}),
    (torch_linalg_solve.vander, torch.linalg.vander, (A,), {"N": 3}),
]


@pytest.mark.parametrize(("rule", "function", "args", "kwargs"), PRODUCTS + DECOMPOSITIONS)
def test_values(rule, function, args, kwargs):
    assert_same(rule(*to_jax(args), **kwargs), function(*args, **kwargs), rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize(("rule", "function", "args", "kwargs"), PRODUCTS + DECOMPOSITIONS)
def test_gradients(rule, function, args, kwargs):
    assert_gradient(rule, function, *args, **kwargs, rtol=2e-3, atol=1e-4)


def test_cholesky_factor_solves_and_inverts():
    """PyTorch's gradient fills also the triangle that is not read: `tril` drops that part."""

    def solve(b, factor):
        return torch_linalg_solve.cholesky_solve(b, jnp.tril(factor))

    def inverse(factor):
        return torch_linalg_solve.cholesky_inverse(jnp.tril(factor))

    def torch_solve(b, factor):
        return torch.cholesky_solve(b, factor.tril())

    def torch_inverse(factor):
        return torch.cholesky_inverse(factor.tril())

    for check in (assert_rule, assert_gradient):
        check(solve, torch_solve, RIGHT, FACTOR)
        check(inverse, torch_inverse, FACTOR)
    upper = torch_linalg_solve.cholesky_inverse(to_jax(FACTOR.mT), True)
    assert_same(upper, torch.cholesky_inverse(FACTOR.mT, True), rtol=1e-4)


@pytest.mark.parametrize(
    ("equation", "operands"),
    [
        ("ij,jk->ik", (A, B)),
        ("bij, bjk -> bik", (BATCH, OTHER)),
        ("...ij,kj", (BATCH, A)),
        ("ii->i", (SQUARE[0],)),
        ("ij,j", ([A, VECTOR],)),
    ],
)
def test_einsum(equation, operands):
    assert_rule(torch_linalg.einsum, torch.einsum, equation, *operands)


def test_cross_along_the_first_axis_of_three():
    assert_rule(torch_linalg.cross, torch.cross, A, A.flip(1))


def test_least_squares():
    solution = torch_linalg_rank.lstsq(*to_jax([A.T, B]))[0]
    expected = torch.linalg.lstsq(A.T, B).solution
    np.testing.assert_allclose(solution, expected.numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("mode", ["reduced", "complete"])
def test_qr_up_to_signs(mode):
    q, r = torch_linalg_solve.linalg_qr(to_jax(A.T), mode)
    wanted_q, wanted_r = torch.linalg.qr(A.T, mode)
    assert q.shape == wanted_q.shape and r.shape == wanted_r.shape
    np.testing.assert_allclose(q @ r, A.T.numpy(), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(jnp.abs(r), wanted_r.abs().numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("full", [True, False])
def test_svd_up_to_signs(full):
    u, s, vh = torch_linalg_solve.linalg_svd(to_jax(A), full)
    expected = torch.linalg.svd(A, full)
    assert [x.shape for x in (u, s, vh)] == [x.shape for x in expected]
    np.testing.assert_allclose(s, expected.S.numpy(), rtol=1e-5)
    np.testing.assert_allclose(jnp.abs(u), expected.U.abs().numpy(), rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(u[:, :3] * s @ vh[:3], A.numpy(), rtol=1e-4, atol=1e-5)
    u, s, v = torch_linalg_solve.svd(to_jax(A), some=not full)
    assert v.shape == torch.svd(A, some=not full).V.shape
    np.testing.assert_allclose(u[:, :3] * s @ v[:, :3].T, A.numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("triangle", ["L", "U"])
def test_eigh_reads_one_triangle(triangle):
    values, vectors = torch_linalg_solve.eigh(to_jax(SQUARE), triangle)
    expected = torch.linalg.eigh(SQUARE, triangle)
    np.testing.assert_allclose(values, expected.eigenvalues.numpy(), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(
        jnp.abs(vectors), expected.eigenvectors.abs().numpy(), rtol=1e-3, atol=1e-4
    )


def test_eigenvalues():
    values = torch_linalg_solve.eigvals(to_jax(SQUARE[0]))
    expected = torch.linalg.eigvals(SQUARE[0]).numpy()
    np.testing.assert_allclose(jnp.sort(values), np.sort(expected), rtol=1e-4)
    values, vectors = torch_linalg_solve.eig(to_jax(SQUARE[0]))
    np.testing.assert_allclose(to_jax(SQUARE[0]) @ vectors, values * vectors, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("driver", [None, "gels", "gelss"])
def test_least_squares_gives_what_the_driver_computes(driver):
    tall = normal(5, 3), normal(5, 2)
    actual = torch_linalg_rank.lstsq(*to_jax(tall), driver=driver)
    assert_same(actual, torch.linalg.lstsq(*tall, driver=driver), rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("options", [{}, {"rtol": 0.3}, {"atol": 0.9}, {"hermitian": True}])
def test_rank_and_pseudo_inverse_cut_off_as_torch_does(options):
    for x in (SQUARE, torch.zeros(0, 3, 3), torch.zeros(2, 0, 0)):
        assert_rule(torch_linalg_rank.matrix_rank, torch.linalg.matrix_rank, x, **options)
        actual = torch_linalg_rank.pinv(to_jax(x), **options)
        assert_same(actual, torch.linalg.pinv(x, **options), rtol=1e-3, atol=1e-4)


def test_right_hand_sides_that_are_vectors():
    assert_rule(torch_linalg_solve.solve, torch.linalg.solve, SQUARE[0], RIGHT[0, :, 0])
    # As many matrices as rows: JAX would take the vectors for one matrix.
    cube, vectors = normal(3, 3, 3), normal(3, 3)
    actual = torch_linalg_solve.solve(*to_jax([cube, vectors]))
    assert_same(actual, torch.linalg.solve(cube, vectors), rtol=1e-3, atol=1e-4)


def test_rank_and_negative_determinant():
    flat = torch.outer(ROW, VECTOR)
    assert_rule(torch_linalg_rank.matrix_rank, torch.linalg.matrix_rank, flat)
    mirror = torch.diag(torch.tensor([1.0, -1.0]))
    assert_rule(torch_linalg_solve.logdet, torch.logdet, mirror)
    assert_rule(torch_linalg_solve.logdet, torch.logdet, torch.zeros(2, 2))


def test_tensor_inverse_and_solution():
    cube = normal(4, 2, 2) + torch.eye(4).reshape(4, 2, 2)
    inverse = torch_linalg_solve.tensorinv(to_jax(cube), 1)
    assert_same(inverse, torch.linalg.tensorinv(cube, 1), rtol=1e-3)
    solution = torch_linalg_solve.tensorsolve(to_jax(cube), to_jax(VECTOR))
    assert_same(solution, torch.linalg.tensorsolve(cube, VECTOR), rtol=1e-3)
