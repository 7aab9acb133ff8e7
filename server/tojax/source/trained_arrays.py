"""Arrays that are trained by an optimizer of their own: ``torch.optim.SGD([w, b])``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tojax.source.facts import ModuleFacts

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


def trained_arrays(module: ModuleFacts) -> dict[ast.Assign, None]:
    """Where names that an optimizer of the same scope lists are given arrays with gradients.

    Only names that nothing else is assigned to.
    """
    found: dict[ast.Assign, None] = {}
    if "optim" not in module.text.source:
        return found
    for scope in (module.tree, *module.all_functions):
        nodes = list(_own_nodes(scope))
        listed = dict.fromkeys(name for node in nodes for name in _listed(module, node))
        for name in listed:
            bound = [n for n in nodes if isinstance(n, ast.Name) and n.id == name]
            stores = [n for n in bound if isinstance(n.ctx, ast.Store)]
            asked = any(_asks(node, name) for node in nodes)
            made = [n for n in nodes if isinstance(n, ast.Assign) and _makes(n, name, asked=asked)]
            if any(_is_parameter(module, statement) for statement in made):
                continue
            if made and len(made) == len(stores):
                found |= dict.fromkeys(made)
    return found


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope without those of the functions and classes in it."""
    for child in ast.iter_child_nodes(scope):
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


def _makes(node: ast.Assign, name: str, *, asked: bool) -> bool:
    """Whether a statement gives a name an array that asks for its gradient, or is asked later."""
    match node:
        case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name:
            if asked or not isinstance(value, ast.Call):
                return asked
            if isinstance(value.func, ast.Attribute) and value.func.attr == "requires_grad_":
                return _is_true(value)
            return any(
                keyword.arg == "requires_grad" and _holds(keyword.value)
                for keyword in value.keywords
            )
    return False


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


def _is_parameter(module: ModuleFacts, node: ast.Assign) -> bool:
    made = node.value.func if isinstance(node.value, ast.Call) else node.value
    return (module.qualified(made) or "").endswith(".Parameter")
