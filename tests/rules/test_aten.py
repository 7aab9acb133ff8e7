"""rules/api: what PyTorch's own functions are made of, against torch."""

import pytest
import torch
from rules.api import torch_aten

from tests.rules.compare import assert_rule
from tests.rules.gradients import assert_gradient

X = torch.tensor([[0.3, -1.2, 2.0, 0.9, 1.5], [-0.4, -0.7, 0.1, -0.2, 0.8]])
LENGTHS = torch.tensor([[2, 0, 3], [1, 3, 1]])


@pytest.mark.parametrize("reduce", ["sum", "mean", "max", "min", "prod"])
@pytest.mark.parametrize("initial", [None, 1.0])
def test_segments_of_which_one_is_empty(reduce, initial):
    rule, function = torch_aten.segment_reduce, torch.segment_reduce
    options = {"reduce": reduce, "axis": 1, "initial": initial}
    assert_rule(rule, function, X, lengths=LENGTHS, **options)
    offsets = torch.tensor([0, 1, 2])
    options = {"reduce": reduce, "initial": initial}
    assert_rule(rule, function, X, offsets=offsets, **options)
    assert_gradient(
        lambda x: rule(x, lengths=offsets.numpy()[1:2] * 2, **options),
        lambda x: function(x, lengths=offsets[1:2] * 2, **options),
        X,
    )


def test_softmax_of_nothing_is_zero():
    x = torch.tensor([[0.0, -torch.inf], [-torch.inf, -torch.inf]])
    assert_rule(torch_aten.safe_softmax, torch.ops.aten._safe_softmax, x, 1)


def test_chunks_are_padded_and_joined():
    assert_rule(torch_aten.chunk_cat, torch._chunk_cat, [X, X[:, :2]], 1, 3)


def test_slices_along_any_axis():
    cube = torch.arange(24).reshape(2, 3, 4)
    for axis in (0, 1, 2, -1, -2):
        assert_rule(torch_aten.slice_, torch.ops.aten.slice.Tensor, cube, axis, 1, 9, 2)
