"""Arrays that are trained by an optimizer of their own: ``torch.optim.SGD([w, b])``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tojax.source.facts import ModuleFacts
from tojax.source.trees import children, walk

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


def trained_arrays(module: ModuleFacts) -> dict[ast.Name, None]:
    """The names, where they are bound, that hold arrays which an optimizer of the same scope lists.

    Only names that nothing else is assigned to, unless that was before.
    """
    found: dict[ast.Name, None] = {}
    if "optim" not in module.text.source:
        return found
    for scope in (module.tree, *module.all_functions):
        nodes = list(_own_nodes(scope))
        listed = dict.fromkeys(name for node in nodes for name in _listed(module, node))
        for name in listed:
            bound = [n for n in nodes if isinstance(n, ast.Name) and n.id == name]
            stores = [n for n in bound if isinstance(n.ctx, ast.Store)]
            asked = any(_asks(node, name) for node in nodes)
            made = [
                (target, value)
                for node in nodes
                if isinstance(node, ast.Assign)
                for target, value in pairs(node)
                if target.id == name and _makes(value, asked=asked)
            ]
            if any(_is_parameter(module, value) for _, value in made):
                continue
            if made and (len(made) == len(stores) or _is_last(scope, made[-1][0], stores)):
                found |= dict.fromkeys(target for target, _ in made)
    return found


def pairs(node: ast.Assign) -> list[tuple[ast.Name, ast.expr]]:
    """The names that an assignment binds, each with an expression of its own."""
    match node:
        case ast.Assign(targets=[ast.Name() as name], value=value):
            return [(name, value)]
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            if len(targets) == len(values):
                both = zip(targets, values, strict=True)
                return [(name, value) for name, value in both if isinstance(name, ast.Name)]
    return []


def _is_last(scope: ast.AST, made: ast.Name, stores: list[ast.Name]) -> bool:
    """Whether a name is bound in the block of its scope, after all other times."""
    block = getattr(scope, "body", [])
    in_block = any(made in walk(s) for s in block if isinstance(s, ast.Assign))
    return in_block and all(store is made or store.lineno < made.lineno for store in stores)


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope without those of the functions and classes in it."""
    for child in children(scope):
        if not isinstance(child, _Definition):
            yield child
            yield from _own_nodes(child)


def _listed(module: ModuleFacts, node: ast.AST) -> list[str]:
    match node:
        case ast.Call(func=func, args=[ast.List(elts=items) | ast.Tuple(elts=items), *_]) if (
            module.qualified(func) or ""
        ).startswith("torch.optim."):
            names = [item.id for item in items if isinstance(item, ast.Name)]
            return names if len(names) == len(items) else []
    return []


def _makes(value: ast.expr, *, asked: bool) -> bool:
    """Whether a value is an array that asks for its gradient, or that is asked later."""
    if asked or not isinstance(value, ast.Call):
        return asked
    if isinstance(value.func, ast.Attribute) and value.func.attr == "requires_grad_":
        return _is_true(value)
    return any(
        keyword.arg == "requires_grad" and _holds(keyword.value) for keyword in value.keywords
    )


def _asks(node: ast.AST, name: str) -> bool:
    """``x.requires_grad_()`` or ``x.requires_grad = True`` as a statement."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(ast.Name(id=asked), attr=attr)) as call):
            return asked == name and attr == "requires_grad_" and _is_true(call)
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=asked), attr=attr)], value=value):
            return asked == name and attr == "requires_grad" and _holds(value)
    return False


def _is_true(call: ast.Call) -> bool:
    return all(_holds(flag) for flag in (*call.args, *(k.value for k in call.keywords)))


def _holds(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _is_parameter(module: ModuleFacts, value: ast.expr) -> bool:
    made = value.func if isinstance(value, ast.Call) else value
    return (module.qualified(made) or "").endswith(".Parameter")
