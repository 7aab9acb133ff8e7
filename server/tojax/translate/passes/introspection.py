"""Questions about PyTorch itself: what it has, its version, its namespaces as values, asserts."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from typing import Any

from tojax.source.names import attributes_of, has_public_name, is_namespace
from tojax.source.trees import walk
from tojax.translate.context import FileContext

# The version whose behaviour the rules follow.
TORCH_VERSION = "2.13.0"
_VERSION_NAMES = {"torch.__version__", "torch.version.__version__"}
_PARSES_VERSION = re.compile(r"version|^parse$", re.IGNORECASE)
_QUALIFIED = re.compile(r"(\w+)\.\w*(?:\(|$)")
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def introspection(context: FileContext) -> None:
    """Answer what is known: ``hasattr(F, "gelu")``, ``torch.__version__ >= "2.0"``, ``f = F``."""
    for node in context.edits.nodes(ast.Call, ast.Compare, ast.Expr, ast.Assign):
        match node:
            case ast.Call(func=ast.Name(id="hasattr"), args=[owner, ast.Constant(value=str(attr))]):
                if is_namespace(context.name(owner)):
                    _has(context, node, context.name(owner), attr)
                elif _is_variable(context, owner) and attr in attributes_of("torch.Tensor"):
                    _has_as_tensor(context, node, owner)
            case ast.Call(func=ast.Name(id="getattr"), args=[owner, *_]) if is_namespace(
                context.name(owner)
            ):
                _chosen_by_name(context, node)
            case ast.Call(func=ast.Name(id="eval"), args=[text, *_]) if _is_of_torch(context, text):
                context.leave(node, "TJ201", "eval", "code in a string is not translated")
            case ast.Compare(left=left, ops=[comparison], comparators=[right]):
                _compare_versions(context, node, left, comparison, right)
            case ast.Expr(value=ast.Call(args=[test, message], keywords=[]) as call) if (
                context.name(call.func) == "torch._assert"
            ):
                context.rules["torch._assert"] = None
                context.done.update({call, call.func})
                context.edits.replace_statement(node, [ast.Assert(test, message)])
            case ast.Assign(targets=[ast.Name()], value=value) if is_namespace(context.name(value)):
                _alias(context, node)
    for node in context.edits.nodes(ast.expr):
        if context.name(node) in _VERSION_NAMES and node not in context.done:
            _version(context, node)


def _is_of_torch(context: FileContext, code: ast.expr) -> bool:
    """Whether the code in a string, or one that the file may choose, names something of PyTorch."""
    places = [code] if isinstance(code, ast.Constant) else context.edits.nodes(ast.Constant)
    for node in places:
        if isinstance(node.value, str):
            root = _QUALIFIED.match(node.value)
            origin = context.facts.imports.get(root[1], "") if root else ""
            if origin == "torch" or origin.startswith("torch."):
                return True
    return False


def _has_as_tensor(context: FileContext, node: ast.Call, owner: ast.expr) -> None:
    """``hasattr(m.weight, "requires_grad")``, which asks whether there is one."""
    context.edits.replace(node, ast.Compare(owner, [ast.IsNot()], [ast.Constant(None)]))
    context.done.update({node, node.func, owner})


def _is_variable(context: FileContext, node: ast.expr) -> bool:
    return context.kind(node).tag in ("parameter", "buffer")


def _has(context: FileContext, node: ast.Call, owner: str, attr: str) -> None:
    name = f"{owner}.{attr}"
    known = name in context.index or has_public_name(owner, attr) or is_namespace(name)
    if known or not attr.startswith("_") or _has_otherwise(context.edits.parents[node]):
        context.edits.replace(node, ast.Constant(known))
        context.done.update(walk(node))


def _has_otherwise(parent: ast.AST) -> bool:
    """Whether code goes on in another way without one of PyTorch's internals."""
    return isinstance(parent, ast.IfExp) or (isinstance(parent, ast.If) and bool(parent.orelse))


def _chosen_by_name(context: FileContext, node: ast.Call) -> None:
    """``getattr(F, name)``; with a constant name it is a reference like any other."""
    owner = context.name(node.args[0])
    context.done.update(walk(node.args[0]))
    if not context.name(node):
        advice = "; for a dtype write getattr(jnp, name)" if owner == "torch" else ""
        reason = f"which name of {owner} is meant shows only when it runs{advice}"
        context.leave(node, "TJ202", owner, reason)


def _alias(context: FileContext, node: ast.Assign) -> None:
    """A second name of a namespace falls away where all that is taken from it has a rule."""
    [target] = node.targets
    assert isinstance(target, ast.Name)
    scope = context.enclosing_function(node) or context.facts.tree
    uses = [
        context.edits.parents[part]
        for part in walk(scope)
        if isinstance(part, ast.Name) and part.id == target.id and isinstance(part.ctx, ast.Load)
    ]
    if all(context.name(use) in context.index for use in uses):
        context.done.update(walk(node.value))
        context.edits.replace_statement(node, [])


# versions


def _compare_versions(
    context: FileContext, node: ast.Compare, left: ast.expr, comparison: ast.cmpop, right: ast.expr
) -> None:
    compare = _COMPARISONS.get(type(comparison))
    first, second = _release(context, left), _release(context, right)
    own = any(context.name(part) in _VERSION_NAMES for part in walk(node))
    if compare is None or first is None or second is None or not own:
        return
    if not (first and second) and not isinstance(comparison, ast.Eq | ast.NotEq):
        return
    length = max(len(first), len(second))
    padded = [release + (0,) * (length - len(release)) for release in (first, second)]
    context.edits.replace(node, ast.Constant(compare(*padded)))
    context.done.update(walk(node))


def _release(context: FileContext, node: ast.expr) -> tuple[int, ...] | None:
    """The numbers of a version: PyTorch's own, or one that is written in the code.

    A text that is no version has none, and what is neither a text nor a version is None.
    """
    if context.name(node) in _VERSION_NAMES:
        return _numbers(TORCH_VERSION)
    match node:
        case ast.Constant(value=str(text)):
            return _numbers(text)
        case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called), args=[given]):
            return _release(context, given) if _PARSES_VERSION.search(called) else None
    return None


def _numbers(text: str) -> tuple[int, ...]:
    found = re.match(r"\d+(\.\d+)*(?=$|[.+a-z-])", text)
    return tuple(map(int, found.group().split("."))) if found else ()


def _version(context: FileContext, node: ast.AST) -> None:
    """The version as a text where it is taken apart; elsewhere it is for people to read."""
    parent = context.edits.parents[node]
    taken_apart = isinstance(parent, ast.Attribute) or (
        isinstance(parent, ast.Call) and node in parent.args and _takes_apart(parent.func)
    )
    if taken_apart:
        context.edits.replace(node, ast.Constant(TORCH_VERSION))
        context.done.update({node, parent})


def _takes_apart(function: ast.expr) -> bool:
    match function:
        case ast.Attribute(value=ast.Name(id="re")):
            return True
        case ast.Name(id=called) | ast.Attribute(attr=called):
            return _PARSES_VERSION.search(called) is not None
    return False
