"""Copies of models whose weights are computed before each call."""

import copy

import pytest
import torch
from torch.nn.utils import spectral_norm, weight_norm

from tojax.verify.torch_copies import copied


@pytest.mark.parametrize("norm", [weight_norm, spectral_norm])
def test_a_computed_weight_can_be_copied(norm) -> None:
    model = torch.nn.Sequential(norm(torch.nn.Linear(3, 2)))
    x = torch.randn(4, 3)
    model(x)  # the weight is now a result with a history
    with pytest.raises(RuntimeError, match="deepcopy"):
        copy.deepcopy(model)
    other = copied(model)
    model.eval(), other.eval()
    torch.testing.assert_close(other(x), model(x), rtol=0, atol=0)
    other(x).sum().backward()
    assert all(p.grad is None for p in model.parameters())
    assert all(p.grad is not None for p in other.parameters())


def test_results_of_other_kinds_are_refused_as_before() -> None:
    model = torch.nn.Linear(3, 2)
    model.doubled = model.weight * 2
    with pytest.raises(RuntimeError, match="deepcopy"):
        copied(model)
