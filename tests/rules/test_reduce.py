"""rules/api: reductions, running reductions, order statistics, against torch."""

import numpy as np
import pytest
import torch
from rules.api import torch_reduce, torch_scan, torch_statistics

from tests.rules.compare import assert_rule
from tests.rules.gradients import assert_gradient

X = torch.from_numpy(np.random.default_rng(0).normal(size=(3, 4, 5)).astype("float32"))
TIES = torch.tensor([[1.0, 3.0, 3.0, 0.0], [2.0, 2.0, 2.0, 2.0]])
NAN = torch.tensor([[1.0, float("nan"), 3.0], [4.0, 2.0, 6.0]])
INTS = torch.tensor([[1, 4, 4], [0, 3, 1]])
BOOLS = torch.tensor([[True, False, True], [False, False, False]])
EMPTY = torch.zeros(0, 3)

DIFFERENTIABLE = [
    (torch_reduce.sum, torch.sum, (X,), {}),
    (torch_reduce.sum, torch.sum, (X, 1), {}),
    (torch_reduce.sum, torch.sum, (X, [0, -1], True), {}),
    (torch_reduce.mean, torch.mean, (X, (0, 2)), {"keepdim": True}),
    (torch_reduce.nansum, torch.nansum, (NAN, 1), {}),
    (torch_reduce.nanmean, torch.nanmean, (NAN, 1), {}),
    (torch_reduce.prod, torch.prod, (X, -1), {"keepdim": True}),
    (torch_reduce.prod, torch.prod, (TIES,), {}),
    (torch_reduce.amax, torch.amax, (TIES, 1), {}),
    (torch_reduce.amin, torch.amin, (X, (0, 1)), {}),
    (torch_reduce.max, torch.max, (TIES,), {}),
    (torch_reduce.max, torch.max, (X, 1), {}),
    (torch_reduce.max, torch.max, (X, X.flip(0)), {}),
    (torch_reduce.max, torch.max, (X,), {"other": X.flip(0)}),
    (torch_reduce.min, torch.min, (X, -2, True), {}),
    (torch_reduce.aminmax, torch.aminmax, (X,), {"dim": 1}),
    (torch_reduce.std, torch.std, (X,), {}),
    (torch_reduce.std, torch.std, (X, 1), {}),
    (torch_reduce.std, torch.std, (X, False), {}),
    (torch_reduce.std, torch.std, (X, 1, False, True), {}),
    (torch_reduce.std, torch.std, (X, (0, 1)), {"correction": 2}),
    (torch_reduce.var, torch.var, (X, True), {}),
    (torch_reduce.var, torch.var, (X, -1), {"unbiased": False}),
    (torch_reduce.std_mean, torch.std_mean, (X, 1), {}),
    (torch_reduce.var_mean, torch.var_mean, (X,), {"dim": (0, 2), "correction": 0}),
    (torch_reduce.logsumexp, torch.logsumexp, (X, 1), {}),
    (torch_reduce.logsumexp, torch.logsumexp, (X, (0, -1), True), {}),
    (torch_reduce.norm, torch.norm, (X,), {}),
    (torch_reduce.norm, torch.norm, (X, 2, 1), {}),
    (torch_reduce.norm, torch.norm, (X, 1, (1, 2)), {"keepdim": True}),
    (torch_reduce.norm, torch.norm, (X, float("inf"), -1), {}),
    (torch_reduce.norm, torch.norm, (X,), {"p": 3}),
    (torch_reduce.norm, torch.norm, (X[0], "nuc"), {}),
    (torch_reduce.dist, torch.dist, (X, X.flip(1)), {}),
    (torch_reduce.dist, torch.dist, (X, X.flip(1), 1), {}),
    (torch_reduce.renorm, torch.renorm, (X, 2, 1, 3.0), {}),
    (torch_reduce.sum_to_size, torch.Tensor.sum_to_size, (X, 4, 1), {}),
    (torch_scan.cumsum, torch.cumsum, (X, -1), {}),
    (torch_scan.cumprod, torch.cumprod, (X, 1), {}),
    (torch_scan.cumprod, torch.cumprod, (TIES, 1), {}),
    (torch_scan.cummax, torch.cummax, (X, 1), {}),
    (torch_scan.cummin, torch.cummin, (X, -1), {}),
    (torch_scan.logcumsumexp, torch.logcumsumexp, (X, -2), {}),
    (torch_scan.diff, torch.diff, (X,), {"n": 2, "dim": 1}),
    (torch_scan.diff, torch.diff, (X,), {"prepend": X[..., :1]}),
    (torch_scan.trapezoid, torch.trapezoid, (X,), {"dx": 0.5, "dim": 1}),
    (torch_scan.trapezoid, torch.trapezoid, (X, torch.arange(5.0) ** 2), {}),
    (torch_scan.cumulative_trapezoid, torch.cumulative_trapezoid, (X, X[0, 0].cumsum(0)), {}),
    (torch_scan.gradient, torch.gradient, (X,), {"spacing": 2.0, "dim": (0, 2)}),
    (torch_statistics.median, torch.median, (X,), {}),
    (torch_statistics.median, torch.median, (X, 1), {}),
    (torch_statistics.median, torch.median, (X, 2, True), {}),
    (torch_statistics.nanmedian, torch.nanmedian, (NAN, 1), {}),
    (torch_statistics.quantile, torch.quantile, (X, 0.3), {}),
    (torch_statistics.quantile, torch.quantile, (X, torch.tensor([0.1, 0.9])), {"dim": 1}),
    (torch_statistics.quantile, torch.quantile, (X, 0.4, 2), {"interpolation": "lower"}),
    (torch_statistics.quantile, torch.quantile, (X, 0.5, 1, True), {"interpolation": "nearest"}),
    (torch_statistics.nanquantile, torch.nanquantile, (NAN, 0.5, 1), {}),
    (torch_statistics.cov, torch.cov, (X[0],), {}),
    (torch_statistics.corrcoef, torch.corrcoef, (X[0],), {}),
]

VALUES = [
    (torch_reduce.sum, torch.sum, (BOOLS, 1), {}),
    (torch_reduce.sum, torch.sum, (INTS.to(torch.int8), 0), {}),
    (torch_reduce.sum, torch.sum, (EMPTY, 0), {}),
    (torch_reduce.prod, torch.prod, (INTS,), {}),
    (torch_reduce.prod, torch.prod, (BOOLS, 0), {}),
    (torch_reduce.mean, torch.mean, (EMPTY, 0), {}),
    (torch_reduce.max, torch.max, (TIES, 1), {}),
    (torch_reduce.max, torch.max, (NAN, 1), {}),
    (torch_reduce.max, torch.max, (INTS, 1), {}),
    (torch_reduce.min, torch.min, (NAN,), {}),
    (torch_reduce.argmax, torch.argmax, (TIES, 1), {}),
    (torch_reduce.argmax, torch.argmax, (NAN, 1, True), {}),
    (torch_reduce.argmax, torch.argmax, (TIES,), {}),
    (torch_reduce.argmin, torch.argmin, (TIES, -1), {}),
    (torch_reduce.argmin, torch.argmin, (NAN,), {}),
    (torch_reduce.all, torch.all, (BOOLS, 1), {}),
    (torch_reduce.all, torch.all, (EMPTY,), {}),
    (torch_reduce.all, torch.all, (INTS, (0, 1)), {}),
    (torch_reduce.any, torch.any, (BOOLS,), {"dim": 1, "keepdim": True}),
    (torch_reduce.any, torch.any, (NAN,), {}),
    (torch_reduce.count_nonzero, torch.count_nonzero, (INTS,), {}),
    (torch_reduce.count_nonzero, torch.count_nonzero, (TIES, 1), {}),
    (torch_reduce.logsumexp, torch.logsumexp, (torch.full((2, 3), -torch.inf), 1), {}),
    (torch_reduce.logsumexp, torch.logsumexp, (INTS, 1), {}),
    (torch_scan.cumsum, torch.cumsum, (BOOLS, 1), {}),
    (torch_scan.cummax, torch.cummax, (TIES, 1), {}),
    (torch_scan.cummax, torch.cummax, (NAN, 1), {}),
    (torch_scan.cummin, torch.cummin, (TIES, -1), {}),
    (torch_scan.cummin, torch.cummin, (NAN, 1), {}),
    (torch_scan.diff, torch.diff, (INTS,), {}),
    (torch_scan.diff, torch.diff, (BOOLS,), {}),
    (torch_statistics.median, torch.median, (NAN,), {}),
    (torch_statistics.median, torch.median, (NAN, 1), {}),
    (torch_statistics.median, torch.median, (INTS,), {}),
    (torch_statistics.mode, torch.mode, (INTS, 1), {}),
    (torch_statistics.mode, torch.mode, (TIES, -1, True), {}),
    (torch_statistics.histc, torch.histc, (X, 7), {}),
    (torch_statistics.histc, torch.histc, (X,), {"bins": 5, "min": -1, "max": 1}),
    (torch_statistics.histc, torch.histc, (torch.ones(4), 3), {}),
    (torch_statistics.histogram, torch.histogram, (X, 4), {"range": (-1.0, 1.0)}),
    (torch_statistics.bincount, torch.bincount, (INTS.ravel(),), {"minlength": 7}),
    (torch_statistics.bincount, torch.bincount, (INTS.ravel(), torch.arange(6.0)), {}),
    (torch_statistics.bincount, torch.bincount, (INTS.ravel(), torch.arange(6)), {}),
    (torch_statistics.unique, torch.unique, (INTS,), {}),
    (torch_statistics.unique, torch.unique, (INTS, True, True, True), {}),
    (torch_statistics.unique, torch.unique, (INTS[[0, 1, 0]],), {"dim": 0, "return_inverse": True}),
    (torch_statistics.unique_consecutive, torch.unique_consecutive, (INTS,), {}),
    (torch_statistics.unique_consecutive, torch.unique_consecutive, (INTS, True, True), {}),
    (
        torch_statistics.unique_consecutive,
        torch.unique_consecutive,
        (INTS[[0, 0, 1]],),
        {"return_counts": True, "dim": 0},
    ),
]


@pytest.mark.parametrize(("rule", "function", "args", "kwargs"), DIFFERENTIABLE + VALUES)
def test_values(rule, function, args, kwargs):
    assert_rule(rule, function, *args, **kwargs)


@pytest.mark.parametrize(("rule", "function", "args", "kwargs"), DIFFERENTIABLE)
def test_gradients(rule, function, args, kwargs):
    assert_gradient(rule, function, *args, **kwargs)


def test_second_order_differences():
    assert_rule(torch_scan.gradient, torch.gradient, X, edge_order=2)
