"""Which expressions are boolean arrays: as an index, they select a number of items that only the
values tell."""

from __future__ import annotations

import ast

from tojax.source.infer import Inference
from tojax.source.kinds import UNKNOWN, is_array

_COMPARISONS = frozenset(
    {"eq", "ne", "lt", "le", "gt", "ge", "bool", "isnan", "isinf", "isfinite", "logical_and",
     "logical_or", "logical_not", "logical_xor", "isclose", "isin"}
)  # fmt: skip
_BOOL_DTYPES = {"torch.bool"}


def is_mask(node: ast.expr, masks: set[str], inference: Inference) -> bool:
    """Whether an expression is a boolean array for certain.

    Args:
        node: the expression.
        masks: local names that hold boolean arrays.
        inference: kinds and names of the expressions.
    """
    if isinstance(node, ast.Name):
        return node.id in masks
    if not is_array(inference.kinds.get(node, UNKNOWN)):
        return False
    match node:
        case ast.Compare():
            return True
        case ast.UnaryOp(op=ast.Invert(), operand=operand):
            return is_mask(operand, masks, inference)
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr() | ast.BitXor(), left=left, right=right):
            return is_mask(left, masks, inference) or is_mask(right, masks, inference)
        case ast.Subscript(value=value):
            return is_mask(value, masks, inference)
        case ast.Call(func=callee, args=arguments, keywords=keywords):
            name = inference.names.get(callee, "")
            if name.rpartition(".")[2] in _COMPARISONS:
                return True
            given = [*arguments, *(keyword.value for keyword in keywords if keyword.arg == "dtype")]
            return any(inference.names.get(argument) in _BOOL_DTYPES for argument in given)
    return False
