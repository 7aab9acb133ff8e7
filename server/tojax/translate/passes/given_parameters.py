"""Whose parameters an optimizer is given: those of modules, of groups, or parameters themselves."""

from __future__ import annotations

import ast
import itertools

from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.passes.dataflow import Scope, text_of

_PARAMETERS = {"parameters", "named_parameters"}


def followed(scope: Scope, params: ast.expr) -> ast.expr:
    """The expression that a name of a function or file was last given above its use.

    With all that was added to that list since, or nothing where that may not have been reached.
    The name itself stands for groups that are gathered one by one.
    """
    if not isinstance(params, ast.Name):
        return params
    given: list[ast.Assign] = []
    for statement in walk(scope):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)]) if name == params.id:
                given.append(statement)
    above = [assigned for assigned in given if assigned.lineno < params.lineno]
    if not given:
        return params
    last = max(above or given, key=lambda assigned: assigned.lineno)
    added = {
        node: what
        for node in walk(scope)
        if isinstance(node, ast.stmt) and last.lineno < node.lineno < params.lineno
        if (what := _added_to(node, params.id)) is not None
    }
    parts = [last.value, *added.values()]
    if not added:
        is_list = isinstance(last.value, ast.List) and not last.value.elts
        return params if is_list else last.value
    if not any(parameter_calls(part) for part in parts) or any(map(_has_group, parts)):
        return params
    block = _block_of(scope, last)
    is_sure = all(node in block for node in added)
    return ast.Tuple(parts if is_sure else [], ast.Load())


def _has_group(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Dict) for part in walk(node))


def _added_to(node: ast.stmt, name: str) -> ast.expr | None:
    """What a statement adds to a list: ``params += list(net.parameters())``."""
    match node:
        case ast.AugAssign(target=ast.Name(id=target), op=ast.Add(), value=value):
            return value if target == name else None
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(ast.Name(id=target), attr=attr), args=[value])
        ):
            return value if target == name and attr in ("append", "extend") else None
    return None


def _block_of(scope: Scope, statement: ast.stmt) -> list[ast.stmt]:
    """The block of a scope that a statement is in."""
    blocks = (
        block
        for node in walk(scope)
        for block in (getattr(node, "body", []), getattr(node, "orelse", []))
        if isinstance(block, list)
    )
    return next((block for block in blocks if statement in block), [])


def parameter_owners(context: FileContext, params: ast.expr) -> list[ast.expr]:
    """The modules whose ``parameters()`` an expression takes, or the parameters that it lists."""
    if isinstance(params, ast.List | ast.Tuple) and are_parameters(context, params.elts):
        return params.elts
    found: dict[str, ast.expr] = {}
    for call in parameter_calls(params):
        assert isinstance(call.func, ast.Attribute)
        found.setdefault(ast.unparse(call.func.value), call.func.value)
    return list(found.values())


def are_parameters(context: FileContext, items: list[ast.expr]) -> bool:
    """Whether expressions are names or attributes that hold parameters of no module's."""
    kinds = [context.kind(item).tag if _is_own(context, item) else "" for item in items]
    return bool(kinds) and all(kind == "parameter" for kind in kinds)


def _is_own(context: FileContext, item: ast.expr) -> bool:
    """Whether a name or an attribute is one of the code's own, not a module's."""
    match item:
        case ast.Attribute(value=ast.Name(id="self")):
            return not _is_in_layer(context, item)
    return isinstance(item, ast.Name)


def are_apart(models: list[ast.expr]) -> bool:
    """Whether modules are several that have names of their own: none is a part of a named one."""
    texts = [text_of(model).removeprefix("self.") for model in models]
    return len(texts) > 1 and all(text and "." not in text for text in texts)


def parameter_calls(params: ast.AST) -> list[ast.Call]:
    """The calls of ``parameters()`` and ``named_parameters()`` in an expression."""
    return [
        part
        for part in walk(params)
        if isinstance(part, ast.Call)
        and isinstance(part.func, ast.Attribute)
        and part.func.attr in _PARAMETERS
    ]


def is_groups(params: ast.expr) -> bool:
    """Whether an optimizer is given groups of parameters."""
    match params:
        case ast.List(elts=[ast.Dict(), *_]):
            return True
        case ast.Name():
            return True
        case ast.ListComp(elt=ast.Dict()):
            return True
        case ast.Call():
            return not parameter_calls(params)
    return False


def models_of_groups(context: FileContext, node: ast.Call, params: ast.expr) -> list[ast.expr]:
    """The module that has the parameters of all groups, or the modules; empty if unknown."""
    function = context.enclosing_function(node)
    owners: dict[str, ast.expr] = {}
    for scope in filter(None, (params, function)):
        for call in parameter_calls(scope):
            assert isinstance(call.func, ast.Attribute)
            if text := text_of(call.func.value):
                owners.setdefault(text, call.func.value)
        if owners:
            break
    common = _common([text.split(".") for text in owners])
    if common == ["self"] and not _is_in_layer(context, node):
        common = []
    if common:
        whole = common if common[0] == "self" else common[:1]
        return [ast.parse(".".join(whole), mode="eval").body]
    found = list(owners.values())
    return found if are_apart(found) else []


def _common(paths: list[list[str]]) -> list[str]:
    """The beginning that all paths share."""
    shared = itertools.takewhile(lambda parts: len(set(parts)) == 1, zip(*paths, strict=False))
    return [parts[0] for parts in shared]


def _is_in_layer(context: FileContext, node: ast.expr) -> bool:
    owner = context.enclosing_class(node)
    facts = context.facts.class_of.get(owner) if owner is not None else None
    return facts is not None and context.program.is_layer(facts)
