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
    for scope in (module.tree, *module.all_functions):
        nodes = list(_own_nodes(scope))
        listed = dict.fromkeys(name for node in nodes for name in _listed(module, node))
        for name in listed:
            bound = [n for n in nodes if isinstance(n, ast.Name) and n.id == name]
            stores = [n for n in bound if isinstance(n.ctx, ast.Store)]
            made = [n for n in nodes if isinstance(n, ast.Assign) and _makes(n, name)]
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


def _makes(node: ast.Assign, name: str) -> bool:
    """Whether a statement gives a name an array that asks for its gradient."""
    match node:
        case ast.Assign(targets=[ast.Name(id=bound)], value=ast.Call() as value) if bound == name:
            if isinstance(value.func, ast.Attribute) and value.func.attr == "requires_grad_":
                flags = [*value.args, *(keyword.value for keyword in value.keywords)]
                return all(isinstance(flag, ast.Constant) and flag.value is True for flag in flags)
            return any(
                keyword.arg == "requires_grad"
                and isinstance(keyword.value, ast.Constant)
                and keyword.value.value is True
                for keyword in value.keywords
            )
    return False
