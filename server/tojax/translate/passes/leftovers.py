"""Statements that the translation made pointless: ``None``, ``x = x``, a device nobody uses."""

from __future__ import annotations

import ast

from tojax.source.kinds import DEVICE
from tojax.source.trees import children, walk
from tojax.translate.context import FileContext


def pointless_statements(context: FileContext) -> None:
    """Remove statements that have become ``None`` or assign a name to itself."""
    for node in list(context.edits.expressions):
        parent = context.edits.parents.get(node)
        if isinstance(parent, ast.Tuple):
            parent = context.edits.parents.get(parent)
        match parent:
            case ast.Expr(value=ast.Call() as value) if _is_mere_name(context, value):
                context.edits.remove_statement(parent)
            case ast.Expr(value=value) if _is_none(context, value):
                context.edits.remove_statement(parent)
            case ast.Assign(targets=[target], value=value) if context.edits.stands(
                parent
            ) and _same_names(context, target, value):
                context.edits.remove_statement(parent)


def same_branches(context: FileContext) -> None:
    """``x.cuda() if on_gpu else x`` has become ``x`` either way."""
    for node in context.edits.nodes(ast.IfExp):
        if node not in context.edits.expressions:
            has_edits = any(
                branch in context.edits.expressions for branch in (node.body, node.orelse)
            )
            calls = [part for part in walk(node.test) if isinstance(part, ast.Call)]
            is_pure = all(context.name(call.func).startswith("torch.") for call in calls)
            if has_edits and is_pure and _same_names(context, node.body, node.orelse):
                context.edits.replace(node, node.body)


def empty_branches(context: FileContext) -> None:
    """Remove an ``if`` of which nothing is left."""
    for node in context.edits.nodes(ast.If):
        if not node.orelse and context.edits.stands(node):
            removed = [context.edits.statements.get(s) == [] for s in node.body]
            calls = [c for c in walk(node.test) if isinstance(c, ast.Call)]
            if all(removed) and all(context.name(c.func).startswith("torch.") for c in calls):
                context.edits.remove_statement(node)


def _is_mere_name(context: FileContext, node: ast.expr) -> bool:
    """Whether a call, such as ``model.to(device)``, has become the name of its object."""
    made = _printed(context, node)
    while isinstance(made, ast.Attribute):
        made = made.value
    return made is not node and isinstance(made, ast.Name)


def _printed(context: FileContext, node: ast.expr) -> ast.expr:
    while node in context.edits.expressions:
        node = context.edits.expressions[node]
    return node


def _is_none(context: FileContext, node: ast.expr) -> bool:
    made = _printed(context, node)
    return isinstance(made, ast.Constant) and made.value is None


def _same_names(context: FileContext, target: ast.expr, value: ast.expr) -> bool:
    target, value = _printed(context, target), _printed(context, value)
    match target, value:
        case ast.Name(id=one), ast.Name(id=other):
            return one == other and not any(value in made for made in context.helpers.values())
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
            return all(_same_names(context, t, v) for t, v in zip(targets, values, strict=True))
    return False


def unused_devices(context: FileContext, tree: ast.Module) -> bool:
    """Remove assignments of devices that the printed ``tree`` no longer reads; whether any was."""
    candidates = [
        node
        for node in context.edits.nodes(ast.Assign)
        if len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
        and context.kind(node.value).present() == DEVICE
        and context.edits.stands(node)
    ]
    if not candidates:
        return False
    scopes = _scopes(tree)
    removed = False
    for node in candidates:
        assert isinstance(node.targets[0], ast.Name)
        name = node.targets[0].id
        found = scopes.get(_path(context, node), [])
        if found and not any(_reads(scope, name) for scope in found):
            context.edits.remove_statement(node)
            removed = True
    return removed


def _path(context: FileContext, node: ast.AST) -> str:
    names: list[str] = []
    current = context.edits.parents.get(node)
    while current is not None:
        if isinstance(current, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.append("__call__" if current.name == "forward" else current.name)
        current = context.edits.parents.get(current)
    return ".".join(reversed(names))


def _scopes(tree: ast.Module) -> dict[str, list[ast.AST]]:
    """The classes and functions by path; there are several of a path where some are overloads."""
    found: dict[str, list[ast.AST]] = {"": [tree]}
    queue: list[tuple[str, ast.AST]] = [("", tree)]
    while queue:
        path, node = queue.pop()
        for child in children(node):
            inner = path
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inner = f"{path}.{child.name}" if path else child.name
                found.setdefault(inner, []).append(child)
            queue.append((inner, child))
    return found


def _reads(scope: ast.AST, name: str) -> bool:
    return any(
        isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Load)
        for part in walk(scope)
    )
