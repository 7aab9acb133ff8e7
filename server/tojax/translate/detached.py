"""Where PyTorch cuts a gradient that counts: in ``nn.Parameter(computed)``, in ``x.data``."""

from __future__ import annotations

import ast
import re

from tojax.source.facts import Function
from tojax.source.given import given
from tojax.source.kinds import is_array
from tojax.translate.context import FileContext
from tojax.translate.passes.modes import stops

_CREATES = re.compile(
    r"torch\.(nn\.init\.\w+|(Tensor\.)?new_\w+|(Float|Double|Half)?[Tt]ensor|as_tensor|from_numpy"
    r"|zeros\w*|ones\w*|full\w*|empty\w*|rand\w*|normal|arange|linspace|logspace|eye|load"
    r"|Tensor\.(detach|data)|detach)"
)
_FORM = {"shape", "ndim", "dtype", "size", "dim", "ndimension", "numel", "nelement"}


def detaches(context: FileContext, call: ast.Call) -> bool:
    """Whether what a call makes a parameter of may have a gradient: not in a constructor, nor
    where no function runs, and not of new data."""
    function = context.enclosing_function(call)
    if function is None or function.name == "__init__" or _is_quiet(context, call):
        return False
    data = [*call.args[:1], *(k.value for k in call.keywords if k.arg == "data")]
    return any(not _is_new(context, value, function, frozenset()) for value in data)


def asks_for_form(context: FileContext, node: ast.Attribute) -> bool:
    """Whether only the form of ``x.data`` is asked for, for which no gradient has to be stopped."""
    parent = context.edits.parents[node]
    is_data = context.name(node) == "torch.Tensor.data"
    return is_data and isinstance(parent, ast.Attribute) and parent.attr in _FORM


def _is_quiet(context: FileContext, node: ast.AST) -> bool:
    """Whether a node runs under ``no_grad``."""
    current: ast.AST | None = node
    while current is not None:
        if isinstance(current, ast.With):
            if any(stops(context, item.context_expr) for item in current.items):
                return True
        if isinstance(current, Function):
            return any(stops(context, decorator) for decorator in current.decorator_list)
        current = context.edits.parents.get(current)
    return False


def _is_new(context: FileContext, node: ast.expr, function: Function, seen: frozenset[str]) -> bool:
    """Whether an expression is computed of new arrays, numbers and text alone."""
    match node:
        case ast.Constant():
            return True
        case ast.Call(func=func) if _CREATES.fullmatch(context.name(func)):
            return True
        case ast.Attribute() if _CREATES.fullmatch(context.name(node)):
            return True
        case ast.Name(id=name) if context.kind(node).tag in ("array", "unknown"):
            found = given(function, name)
            is_known = name not in seen and found.is_all and bool(found.values)
            return is_known and all(
                _is_new(context, value, function, seen | {name}) for value in found.values
            )
        case ast.Call(func=func):
            parts = [*node.args, *(keyword.value for keyword in node.keywords)]
            if isinstance(func, ast.Attribute) and context.kind(func.value).tag != "torch":
                parts.append(func.value)
            is_known = context.name(func).startswith("torch.")
            return is_known and all(_is_new(context, p, function, seen) for p in parts)
        case ast.BinOp(left=left, right=right):
            return all(_is_new(context, part, function, seen) for part in (left, right))
        case ast.UnaryOp(operand=part) | ast.Subscript(value=part):
            return _is_new(context, part, function, seen)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return all(_is_new(context, part, function, seen) for part in parts)
    return context.kind(node).tag != "unknown" and not is_array(context.kind(node))
