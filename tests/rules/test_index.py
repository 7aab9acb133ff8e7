"""rules/api: gathering, scattering, sorting and searching, against torch."""

import jax
import numpy as np
import pytest
import torch
from rules.api import torch_index, torch_sort

from tests.rules.compare import assert_rule, assert_same, to_jax
from tests.rules.gradients import assert_gradient

X = torch.from_numpy(np.random.default_rng(1).normal(size=(3, 4)).astype("float32"))
DEEP = torch.from_numpy(np.random.default_rng(2).normal(size=(2, 3, 4)).astype("float32"))
TIES = torch.tensor([[1.0, 3.0, 3.0, 0.0], [2.0, 2.0, 2.0, 2.0]])
NAN = torch.tensor([[1.0, float("nan"), 3.0], [4.0, 2.0, 6.0]])
INTS = torch.tensor([[1, 4, 0], [0, 3, 1]])
PICK = torch.tensor([2, 0, 2])
PLACES = torch.tensor([[0, 2, 1, 0], [1, 1, 0, 2]])
MASK = torch.tensor([[True, False, True, True]] * 3)
SEQUENCE = torch.tensor([1.0, 3.0, 3.0, 7.0])

PICKED = [
    (torch_index.gather, torch.gather, (X, 0, PLACES), {}),
    (torch_index.gather, torch.gather, (X, -1, PLACES[:1].T[:3]), {}),
    (torch_index.gather, torch.gather, (X, 0, PLACES[:, :1]), {}),
    (torch_index.gather, torch.gather, (X, 1, PLACES[:1]), {}),
    (torch_index.gather, torch.gather, (torch.tensor(2.0), 0, torch.tensor(0)), {}),
    (torch_index.gather, torch.gather, (X[0], 0, torch.tensor([1])), {}),
    (torch_index.take_along_dim, torch.take_along_dim, (X, X.argsort(1), 1), {}),
    (torch_index.take_along_dim, torch.take_along_dim, (X, PICK), {}),
    (torch_index.take_along_dim, torch.take_along_dim, (X, PLACES), {}),
    (torch_index.take, torch.take, (X, torch.tensor([[0, -1], [5, 5]])), {}),
    (torch_index.index_select, torch.index_select, (X, 1, PICK), {}),
    (torch_index.index_select, torch.index_select, (DEEP, -1, PICK), {}),
    (torch_index.masked_fill, torch.masked_fill, (X, MASK, -torch.inf), {}),
    (torch_index.masked_fill, torch.masked_fill, (X, MASK[0], torch.tensor(2.0)), {}),
    (torch_index.masked_select, torch.masked_select, (X, MASK), {}),
    (torch_index.masked_select, torch.masked_select, (X, MASK[0]), {}),
    (torch_index.masked_scatter, torch.masked_scatter, (X, MASK, -DEEP), {}),
]

WRITTEN = [
    (torch_index.index_add, torch.index_add, (X, 0, PICK, X * 2), {}),
    (torch_index.index_add, torch.index_add, (X, 1, PICK, X[:, :3]), {"alpha": -2}),
    (torch_index.index_add, torch.index_add, (DEEP, -1, PICK, DEEP[..., 1:]), {}),
    (torch_index.index_add, torch.index_add, (DEEP, -2, PICK, DEEP), {}),
    (torch_index.index_copy, torch.index_copy, (X, 0, PICK[:2], X[1:] * 2), {}),
    (torch_index.index_copy, torch.index_copy, (X, 1, PICK[:2], X[:, :2] * 2), {}),
    (torch_index.index_fill, torch.index_fill, (X, 1, PICK, 9.0), {}),
    (torch_index.index_fill, torch.index_fill, (DEEP, -1, PICK, 9.0), {}),
    (torch_index.index_put, torch.index_put, (X, (PICK[:2], PICK[:2]), X[0, :2]), {}),
    (torch_index.index_put, torch.index_put, (X, [PICK], X), {"accumulate": True}),
    (torch_index.index_reduce, torch.index_reduce, (X, 0, PICK, X * 2, "mean"), {}),
    (torch_index.put, torch.put, (X, torch.tensor([3, -1]), X[0, :2]), {}),
    (torch_index.put, torch.put, (X, torch.tensor([3, 3]), X[0, :2], True), {}),
    (torch_index.scatter, torch.scatter, (X, 0, PLACES[:1], X[:1] * 2), {}),
    (torch_index.scatter, torch.scatter, (X, 1, PLACES[:, :1], 5.0), {}),
    (torch_index.scatter, torch.scatter, (X, -1, PLACES), {"value": 1.0}),
    (torch_index.scatter_add, torch.scatter_add, (X, 0, PLACES, X[1:] * 2), {}),
    (torch_index.scatter_add, torch.scatter_add, (X, 1, PLACES, X[1:] * 2), {}),
    (torch_index.scatter_reduce, torch.scatter_reduce, (X, 0, PLACES, X[1:] * 2, "sum"), {}),
    (torch_index.scatter_reduce, torch.scatter_reduce, (X, 1, PLACES, X[1:] * 2, "mean"), {}),
]

REDUCED = [
    (torch_index.scatter_reduce, torch.scatter_reduce, (x, 1, PLACES, y, how), options)
    for how in ("sum", "prod", "mean", "amax", "amin")
    for options in ({}, {"include_self": False})
    for x, y in ((X, X * 2), (INTS[[0, 0, 1]], INTS[[1, 0, 1]].repeat(1, 2)))
]

SORTED = [
    (torch_sort.sort, torch.sort, (X,), {}),
    (torch_sort.sort, torch.sort, (X, 0, True), {}),
    (torch_sort.msort, torch.msort, (X,), {}),
    (torch_sort.topk, torch.topk, (X, 2), {}),
    (torch_sort.topk, torch.topk, (X, 2, 0), {"largest": False}),
    (torch_sort.topk, torch.topk, (DEEP, 2, 1), {}),
    (torch_sort.kthvalue, torch.kthvalue, (X, 2), {}),
    (torch_sort.kthvalue, torch.kthvalue, (X, 3, 0, True), {}),
]

VALUES = [
    (torch_index.masked_fill, torch.masked_fill, (INTS, INTS > 1, -1), {}),
    (torch_index.masked_fill, torch.masked_fill, (INTS > 1, INTS == 0, True), {}),
    (torch_index.nonzero, torch.nonzero, (INTS,), {}),
    (torch_index.nonzero, torch.nonzero, (INTS,), {"as_tuple": True}),
    (torch_index.nonzero, torch.nonzero, (torch.zeros(3),), {}),
    (torch_index.argwhere, torch.argwhere, (INTS > 0,), {}),
    (torch_index.unravel_index, torch.unravel_index, (INTS, (3, 2)), {}),
    (torch_index.scatter_add, torch.scatter_add, (X, 0, PLACES, X), {}),
    (torch_index.scatter, torch.scatter, (X, 1, PLACES, 2.0), {"reduce": "add"}),
    (torch_index.scatter, torch.scatter, (X, 1, PLACES, X), {"reduce": "multiply"}),
    (torch_index.index_reduce, torch.index_reduce, (X, 1, PICK, X[:, :3], "prod"), {}),
    (
        torch_index.index_reduce,
        torch.index_reduce,
        (X, 0, PICK, X, "amin"),
        {"include_self": False},
    ),
    (torch_sort.sort, torch.sort, (NAN,), {}),
    (torch_sort.sort, torch.sort, (NAN,), {"descending": True}),
    (torch_sort.sort, torch.sort, (TIES,), {"stable": True}),
    (torch_sort.argsort, torch.argsort, (TIES,), {"descending": True, "stable": True}),
    (torch_sort.argsort, torch.argsort, (INTS,), {"dim": 0, "stable": True}),
    (torch_sort.topk, torch.topk, (NAN, 2), {}),
    (torch_sort.topk, torch.topk, (NAN, 2), {"largest": False}),
    (torch_sort.topk, torch.topk, (INTS, 1), {}),
    (torch_sort.searchsorted, torch.searchsorted, (SEQUENCE, X * 5), {}),
    (torch_sort.searchsorted, torch.searchsorted, (SEQUENCE, SEQUENCE), {"right": True}),
    (torch_sort.searchsorted, torch.searchsorted, (SEQUENCE, SEQUENCE), {"side": "right"}),
    (torch_sort.searchsorted, torch.searchsorted, (X.sort().values, X), {}),
    (
        torch_sort.searchsorted,
        torch.searchsorted,
        (SEQUENCE.flip(0), SEQUENCE),
        {"sorter": torch.arange(3, -1, -1)},
    ),
    (torch_sort.bucketize, torch.bucketize, (SEQUENCE, SEQUENCE), {}),
    (torch_sort.bucketize, torch.bucketize, (SEQUENCE, SEQUENCE), {"right": True}),
]


@pytest.mark.parametrize(
    ("rule", "function", "args", "kwargs"), PICKED + WRITTEN + REDUCED + SORTED + VALUES
)
def test_values(rule, function, args, kwargs):
    assert_rule(rule, function, *args, **kwargs)


@pytest.mark.parametrize(("rule", "function", "args", "kwargs"), PICKED + WRITTEN + SORTED)
def test_gradients(rule, function, args, kwargs):
    jit = rule is not torch_index.masked_select
    assert_gradient(rule, function, *args, jit=jit, **kwargs)


def test_scatter_and_masked_scatter_under_jit():
    scatter = jax.jit(torch_index.scatter_add, static_argnums=1)
    assert_same(scatter(*to_jax([X, 1, PLACES, X])), torch.scatter_add(X, 1, PLACES, X))
    assert_rule(torch_index.masked_scatter, torch.masked_scatter, X, MASK, DEEP, jit=True)
