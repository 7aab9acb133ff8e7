"""rules/api: torch.masked, with rows of which nothing is kept."""

import pytest
import torch
from rules.api import torch_masked

from tests.rules.compare import assert_rule
from tests.rules.gradients import assert_gradient

X = torch.tensor([[0.3, -1.2, 2.0, 0.9], [1.5, -0.4, -0.7, 0.1], [-0.2, 0.8, 1.1, -2.0]])
MASK = torch.tensor([[True, False, True, True], [False, True, False, True], [False] * 4])
INTEGERS = torch.tensor([[3, -1, 2, 7], [5, 5, 0, 1]])

REDUCTIONS = [
    "sum", "prod", "mean", "amax", "amin", "argmax", "argmin", "median", "norm", "logsumexp",
    "var", "std",
]  # fmt: skip
ALONG = ["cumsum", "cumprod", "softmax", "log_softmax", "softmin"]


@pytest.mark.parametrize("mask", [None, MASK, MASK[0]])
@pytest.mark.parametrize("name", REDUCTIONS + ALONG)
def test_values(name, mask):
    rule, function = getattr(torch_masked, name), getattr(torch.masked, name)
    assert_rule(rule, function, X, dim=1, mask=mask)


@pytest.mark.parametrize("name", ["sum", "prod", "amax", "amin"])
def test_integers(name):
    rule, function = getattr(torch_masked, name), getattr(torch.masked, name)
    assert_rule(rule, function, INTEGERS, dim=1, mask=MASK[:2])


@pytest.mark.parametrize("name", ["sum", "mean", "amax", "logsumexp", "cumprod", "softmax", "std"])
def test_gradients_of_what_is_kept(name):
    rule, function = getattr(torch_masked, name), getattr(torch.masked, name)
    assert_gradient(
        lambda x: rule(x, dim=1, mask=MASK[:2].numpy()),
        lambda x: function(x, dim=1, mask=MASK[:2]),
        X[:2],
    )


def test_arguments_of_their_own():
    for order in (1, 2.0, float("inf"), float("-inf")):
        assert_rule(torch_masked.norm, torch.masked.norm, X, order, 1, mask=MASK)
    assert_rule(torch_masked.normalize, torch.masked.normalize, X, 2.0, 1, mask=MASK)
    assert_rule(torch_masked.normalize, torch.masked.normalize, X[0, 0], 2.0, 0)
    assert_rule(torch_masked.var, torch.masked.var, X, 1, unbiased=False, mask=MASK)
    masks = {"input_mask": MASK, "other_mask": MASK.flip(1)}
    assert_rule(torch_masked.logaddexp, torch.masked.logaddexp, X, X.flip(0), **masks)
