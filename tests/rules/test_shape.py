"""rules/api: shapes, joining, splitting and parts of arrays, against torch."""

import numpy as np
import pytest
import torch
from rules.api import torch_join, torch_shape, torch_views

from tests.rules.compare import assert_rule
from tests.rules.gradients import assert_gradient

X = torch.arange(24.0).reshape(2, 3, 4)
ONES = torch.arange(6.0).reshape(2, 1, 3, 1)
ROW = torch.tensor([1.0, -2.0, 3.0])
SQUARE = torch.arange(9.0).reshape(3, 3)
INTS = torch.tensor([[3, 0], [1, 2]])

SHAPES = [
    (torch_shape.reshape, torch.Tensor.reshape, (X, 4, -1), {}),
    (torch_shape.reshape, torch.reshape, (X, (6, 4)), {}),
    (torch_shape.reshape, torch.Tensor.reshape, (X,), {"shape": [-1]}),
    (torch_shape.view, torch.Tensor.view, (X, 2, -1), {}),
    (torch_shape.view, torch.Tensor.view, (X, [3, 8]), {}),
    (torch_shape.view, torch.Tensor.view, (X, -1), {}),
    (torch_shape.view, torch.Tensor.view, (X,), {"size": (6, 4)}),
    (torch_shape.reshape_as, torch.Tensor.view_as, (X, torch.zeros(8, 3)), {}),
    (torch_shape.ravel, torch.ravel, (X,), {}),
    (torch_shape.flatten, torch.flatten, (X,), {}),
    (torch_shape.flatten, torch.flatten, (X, 1), {}),
    (torch_shape.flatten, torch.flatten, (X, 0, 1), {}),
    (torch_shape.flatten, torch.flatten, (X, -3, -2), {}),
    (torch_shape.flatten, torch.flatten, (torch.zeros(0, 2, 3), 1), {}),
    (torch_shape.flatten, torch.flatten, (torch.tensor(1.0),), {}),
    (torch_shape.unflatten, torch.unflatten, (X, -1, (2, -1)), {}),
    (torch_shape.unflatten, torch.unflatten, (X, 1, (1, 3)), {}),
    (torch_shape.unflatten, torch.Tensor.unflatten, (X, 0, [2, 1]), {}),
    (torch_shape.squeeze, torch.squeeze, (ONES,), {}),
    (torch_shape.squeeze, torch.squeeze, (ONES, 1), {}),
    (torch_shape.squeeze, torch.squeeze, (ONES, 0), {}),
    (torch_shape.squeeze, torch.squeeze, (ONES, (0, 1, -1)), {}),
    (torch_shape.unsqueeze, torch.unsqueeze, (X, -1), {}),
    (torch_shape.unsqueeze, torch.unsqueeze, (X, 1), {}),
    (torch_shape.permute, torch.Tensor.permute, (X, 0, 2, 1), {}),
    (torch_shape.permute, torch.permute, (X, (2, 0, -2)), {}),
    (torch_shape.permute, torch.permute, (X,), {"dims": [1, 0, 2]}),
    (torch_shape.transpose, torch.transpose, (X, 1, -1), {}),
    (torch_shape.movedim, torch.movedim, (X, 0, -1), {}),
    (torch_shape.movedim, torch.movedim, (X, [0, 1], (2, 0)), {}),
    (torch_shape.t, torch.t, (SQUARE,), {}),
    (torch_shape.t, torch.t, (ROW,), {}),
    (torch_shape.T, lambda x: x.T, (SQUARE,), {}),
    (torch_shape.expand, torch.Tensor.expand, (ONES, 2, 5, -1, 2), {}),
    (torch_shape.expand, torch.Tensor.expand, (ROW, (2, -1)), {}),
    (torch_shape.expand, torch.Tensor.expand, (ROW[:1], 4), {}),
    (torch_shape.expand, torch.Tensor.expand, (ROW, 2, 3), {}),
    (torch_shape.expand, torch.Tensor.expand, (ROW,), {"size": (2, 3)}),
    (torch_shape.broadcast_to, torch.broadcast_to, (ROW, (2, 3)), {}),
    (torch_shape.expand_as, torch.Tensor.expand_as, (ROW, SQUARE), {}),
    (torch_shape.broadcast_tensors, torch.broadcast_tensors, (ROW, SQUARE[:, :1]), {}),
    (torch_shape.repeat, torch.Tensor.repeat, (ROW, 2, 3), {}),
    (torch_shape.repeat, torch.Tensor.repeat, (ROW, (2,)), {}),
    (torch_shape.repeat, torch.Tensor.repeat, (SQUARE, 2, 1), {}),
    (torch_shape.tile, torch.tile, (SQUARE, (2,)), {}),
    (torch_shape.tile, torch.Tensor.tile, (SQUARE, 2, 1, 3), {}),
    (torch_shape.repeat_interleave, torch.repeat_interleave, (SQUARE, 2), {}),
    (torch_shape.repeat_interleave, torch.repeat_interleave, (SQUARE, 2, 1), {}),
    (
        torch_shape.repeat_interleave,
        torch.repeat_interleave,
        (SQUARE, torch.tensor([2, 0, 1])),
        {"dim": 0, "output_size": 3},
    ),
    (torch_shape.roll, torch.roll, (X, 2), {}),
    (torch_shape.roll, torch.roll, (X, (1, -1), (0, 2)), {}),
    (torch_shape.flip, torch.flip, (X, [0, -1]), {}),
    (torch_shape.flip, torch.Tensor.flip, (X, 1), {}),
    (torch_shape.flip, torch.Tensor.flip, (X, 1, 2), {}),
    (torch_shape.fliplr, torch.fliplr, (X,), {}),
    (torch_shape.flipud, torch.flipud, (X,), {}),
    (torch_shape.rot90, torch.rot90, (X,), {}),
    (torch_shape.rot90, torch.rot90, (X, -1, [1, 2]), {}),
    (torch_shape.atleast_1d, torch.atleast_1d, (torch.tensor(1.0),), {}),
    (torch_shape.atleast_2d, torch.atleast_2d, (ROW, torch.tensor(2.0)), {}),
    (torch_shape.atleast_3d, torch.atleast_3d, (ROW,), {}),
]

JOINS = [
    (torch_join.cat, torch.cat, ([X, X[:1]],), {}),
    (torch_join.cat, torch.cat, ((X, X[..., :1]), -1), {}),
    (torch_join.cat, torch.cat, ([X, torch.ones(2, 0, 4)], 1), {}),
    (torch_join.stack, torch.stack, ([X, X + 1],), {"dim": -1}),
    (torch_join.hstack, torch.hstack, ((SQUARE, SQUARE[:, :1]),), {}),
    (torch_join.hstack, torch.hstack, ((ROW, ROW[:1]),), {}),
    (torch_join.vstack, torch.vstack, ((ROW, SQUARE),), {}),
    (torch_join.dstack, torch.dstack, ((ROW, ROW),), {}),
    (torch_join.column_stack, torch.column_stack, ((ROW, SQUARE),), {}),
    (torch_join.block_diag, torch.block_diag, (SQUARE, ROW[None], SQUARE[:2]), {}),
    (torch_join.kron, torch.kron, (SQUARE, X), {}),
    (torch_join.unbind, torch.unbind, (X,), {}),
    (torch_join.unbind, torch.unbind, (X, -1), {}),
    (torch_join.chunk, torch.chunk, (X, 2), {}),
    (torch_join.chunk, torch.chunk, (X, 3), {"dim": 1}),
    *((torch_join.chunk, torch.chunk, (X, n, 1), {}) for n in (1, 2, 4, 5)),
    *((torch_join.chunk, torch.chunk, (X, n, -1), {}) for n in (1, 2, 3, 4, 5)),
    (torch_join.chunk, torch.chunk, (ROW[:0], 3), {}),
    (torch_join.chunk, torch.chunk, (ROW[:1], 2), {}),
    (torch_join.chunk, torch.chunk, (torch.arange(7.0), 5), {}),
    (torch_join.split, torch.split, (X, 2, 1), {}),
    (torch_join.split, torch.split, (X, 5, -1), {}),
    (torch_join.split, torch.split, (X, [1, 0, 3], 2), {}),
    (torch_join.split_with_sizes, torch.split_with_sizes, (X, [1, 2], 1), {}),
    (torch_join.tensor_split, torch.tensor_split, (X, 3, -1), {}),
    (torch_join.tensor_split, torch.tensor_split, (X, (1, 3)), {"dim": 2}),
    (torch_join.tensor_split, torch.tensor_split, (X,), {"indices": (1, 3), "dim": 2}),
    (torch_join.tensor_split, torch.tensor_split, (X,), {"sections": 3, "dim": -1}),
    (torch_join.hsplit, torch.hsplit, (X, [1]), {}),
    (torch_join.vsplit, torch.vsplit, (X, 2), {}),
    (torch_join.dsplit, torch.dsplit, (X, 2), {}),
]

PARTS = [
    (torch_views.narrow, torch.narrow, (X, 1, 1, 2), {}),
    (torch_views.narrow, torch.narrow, (X, -1, -3, 3), {}),
    (torch_views.select, torch.select, (X, 0, -1), {}),
    (torch_views.select, torch.select, (X, 1, 2), {}),
    (torch_views.select, torch.select, (X, -1, -2), {}),
    (torch_views.select, torch.select, (X, -2, 1), {}),
    (torch_views.unfold, torch.Tensor.unfold, (X, 1, 2, 1), {}),
    (torch_views.unfold, torch.Tensor.unfold, (X, -1, 3, 2), {}),
    (torch_views.as_strided, torch.as_strided, (X, (2, 3), (1, 2), 4), {}),
    (torch_views.diagonal, torch.diagonal, (X,), {}),
    (torch_views.diagonal, torch.diagonal, (X, -1, 2, 1), {}),
    (torch_views.linalg_diagonal, torch.linalg.diagonal, (X,), {"offset": 1}),
    (torch_views.diag, torch.diag, (SQUARE, 1), {}),
    (torch_views.diag, torch.diag, (ROW, -1), {}),
    (torch_views.diagflat, torch.diagflat, (SQUARE,), {}),
    (torch_views.diag_embed, torch.diag_embed, (SQUARE,), {}),
    (torch_views.diag_embed, torch.diag_embed, (SQUARE, -2, 0, 2), {}),
    (torch_views.tril, torch.tril, (X,), {}),
    (torch_views.tril, torch.tril, (X, -1), {}),
    (torch_views.triu, torch.triu, (X,), {"diagonal": 2}),
    (torch_views.slice_scatter, torch.slice_scatter, (X, X[:1] * 2), {"start": 1}),
    (torch_views.slice_scatter, torch.slice_scatter, (X, X[..., :2] * 2, -1, 0, 4, 2), {}),
    (torch_views.select_scatter, torch.select_scatter, (X, X[0] * 2, 0, 1), {}),
    (torch_views.select_scatter, torch.select_scatter, (X, X[:, 0] * 2, 1, -1), {}),
    (torch_views.diagonal_scatter, torch.diagonal_scatter, (SQUARE, ROW), {}),
    (torch_views.diagonal_scatter, torch.diagonal_scatter, (X, X[:, 0, :2], 2, 1, 2), {}),
]

EDGES = [
    (torch_shape.broadcast_shapes, torch.broadcast_shapes, ((2, 1), (3,)), {}),
    (torch_shape.repeat_interleave, torch.repeat_interleave, (torch.tensor([1, 0, 2]),), {}),
    (torch_join.cat, torch.cat, ([INTS, INTS / 2],), {}),
    (torch_join.stack, torch.stack, ([INTS, INTS > 1],), {}),
    (torch_views.triu, torch.triu, (INTS > 0,), {}),
    (torch_views.tril, torch.tril, (INTS,), {}),
]


@pytest.mark.parametrize(("rule", "function", "args", "kwargs"), SHAPES + JOINS + PARTS + EDGES)
def test_values(rule, function, args, kwargs):
    assert_rule(rule, function, *args, **kwargs)


@pytest.mark.parametrize(
    ("rule", "function", "args", "kwargs"),
    [case for case in SHAPES + JOINS + PARTS if case[2][0] is not ROW],
)
def test_gradients(rule, function, args, kwargs):
    assert_gradient(rule, function, *args, **kwargs)


def test_view_as_another_dtype():
    jax_bits = torch_shape.view(X.numpy(), np.int32)
    np.testing.assert_array_equal(jax_bits, X.view(torch.int32).numpy())


def test_fill_diagonal():
    expected = SQUARE.clone().fill_diagonal_(7.0)
    assert_rule(torch_views.fill_diagonal_, lambda *_: expected, SQUARE, 7.0)


def test_unequal_chunks_are_not_unpacked():
    with pytest.raises(ValueError, match="equal"):
        torch_join.chunk(X.numpy(), 2, 1, unpacked=2)
