"""Numbers from arrays of one item: ``int(torch.randint(5, (1,)))``.

JAX makes Python's numbers of arrays without dimensions only; ``item()`` takes any with one item.
"""

from __future__ import annotations

import ast

from tojax.source.kinds import NUMBERS
from tojax.source.trees import walk
from tojax.translate.context import FileContext

_MADE = {f"torch.{name}": 0 for name in ("empty", "full", "ones", "rand", "randn", "zeros")}
_MADE["torch.randint"] = -1
_ELEMENTWISE = {
    "abs", "ceil", "clamp", "clip", "cos", "cpu", "cuda", "detach", "double", "exp", "float",
    "floor", "int", "log", "long", "pow", "round", "sigmoid", "sin", "sqrt", "tanh", "to",
}  # fmt: skip


def single_items(context: FileContext) -> None:
    """Take the item out of arrays that are made with one, where Python's numbers are made."""
    for node in context.edits.nodes(ast.Call):
        match node:
            case ast.Call(func=ast.Name(id="int" | "float"), args=[array], keywords=[]):
                if has_one_item(context, array):
                    item = ast.Call(ast.Attribute(array, "item", ast.Load()), [], [])
                    context.edits.replace(node, ast.Call(node.func, [item], []))


def has_one_item(context: FileContext, node: ast.expr) -> bool:
    """Whether an expression surely gives an array that has dimensions, and one item."""
    match node:
        case ast.Call():
            return _call(context, node)
        case ast.UnaryOp(operand=operand):
            return has_one_item(context, operand)
        case ast.BinOp(left=left, right=right):
            sides = [context.kind(side).tag not in NUMBERS for side in (left, right)]
            arrays = [side for side, counts in zip((left, right), sides, strict=True) if counts]
            return bool(arrays) and all(has_one_item(context, side) for side in arrays)
        case ast.Name(id=name):
            value = _only_value(context, node, name)
            return value is not None and has_one_item(context, value)
    return False


def _call(context: FileContext, node: ast.Call) -> bool:
    name = context.name(node.func)
    if name == "torch.tensor":
        match node.args:
            case [ast.List(elts=[item]), *_]:
                return context.kind(item).tag in NUMBERS
        return False
    if name in _MADE:
        return _is_one(_size(node, _MADE[name]))
    prefix, _, method = name.rpartition(".")
    keeps = method in _ELEMENTWISE or method.endswith("_")
    if prefix == "torch.Tensor" and keeps and isinstance(node.func, ast.Attribute):
        return has_one_item(context, node.func.value)
    return False


def _size(node: ast.Call, position: int) -> list[ast.expr]:
    """The lengths that a call is given, as numbers or as one tuple."""
    named = [keyword.value for keyword in node.keywords if keyword.arg == "size"]
    match named or node.args[position:]:
        case [ast.Tuple(elts=lengths) | ast.List(elts=lengths), *_]:
            return lengths
        case lengths:
            return [] if position else lengths
    return []


def _is_one(lengths: list[ast.expr]) -> bool:
    return bool(lengths) and all(
        isinstance(length, ast.Constant) and length.value == 1 for length in lengths
    )


def _only_value(context: FileContext, node: ast.Name, name: str) -> ast.expr | None:
    """What a name is bound to, if that is once in its function or file."""
    scope = context.enclosing_function(node) or context.edits.tree
    bound = [
        part
        for part in walk(scope)
        if (isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Store))
        or (isinstance(part, ast.arg) and part.arg == name)
    ]
    match [context.edits.parents.get(part) for part in bound]:
        case [ast.Assign(targets=[ast.Name()], value=value)]:
            return value
    return None
