"""Arrays that are trained by an optimizer of their own: ``torch.optim.SGD([w, b])``."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from tojax.source.facts import ClassFacts, ModuleFacts
from tojax.source.trees import children, walk

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


Place = ast.Name | ast.Attribute
"""A name, or an attribute of ``self``."""


def trained_arrays(
    module: ModuleFacts, is_layer: Callable[[ClassFacts], bool]
) -> dict[Place, None]:
    """The places, where they are bound, that hold arrays which an optimizer of the scope lists.

    Only places that nothing else is assigned to, unless that was before. Attributes of layers are
    none: these count what they hold among their parameters.
    """
    found: dict[Place, None] = {}
    if "optim" not in module.text.source:
        return found
    for scope in (module.tree, *module.all_functions):
        found |= _trained_in(module, scope, list(_own_nodes(scope)))
    for facts in module.classes.values():
        if not is_layer(facts):
            nodes = [node for node in walk(facts.node) if not isinstance(node, ast.Name)]
            found |= _trained_in(module, facts.node, nodes)
    return found


def _trained_in(module: ModuleFacts, scope: ast.AST, nodes: list[ast.AST]) -> dict[Place, None]:
    found: dict[Place, None] = {}
    for text in dict.fromkeys(text for node in nodes for text in _listed(module, node)):
        bound = [n for n in nodes if isinstance(n, Place) and _place(n) == text]
        stores = [place for place in bound if isinstance(place.ctx, ast.Store)]
        asked = any(_asks(node, text) for node in nodes)
        made = [
            (target, value)
            for node in nodes
            if isinstance(node, ast.Assign)
            for target, value in pairs(node)
            if target in stores and _makes(value, asked=asked)
        ]
        if any(_is_parameter(module, value) for _, value in made):
            continue
        if made and (len(made) == len(stores) or _is_last(scope, made[-1][0], stores)):
            found |= dict.fromkeys(target for target, _ in made)
    return found


def _place(node: ast.AST) -> str:
    """The text of a name or of an attribute of ``self``."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id="self"), attr=attr):
            return f"self.{attr}"
    return ""


def pairs(node: ast.Assign) -> list[tuple[Place, ast.expr]]:
    """The places that an assignment binds, each with an expression of its own."""
    match node:
        case ast.Assign(targets=[ast.Name() | ast.Attribute() as place], value=value):
            return [(place, value)]
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            if len(targets) == len(values):
                both = zip(targets, values, strict=True)
                return [(place, value) for place, value in both if isinstance(place, Place)]
    return []


def _is_last(scope: ast.AST, made: Place, stores: list[Place]) -> bool:
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
    if not isinstance(node, ast.Call):
        return []
    if not (module.qualified(node.func) or "").startswith("torch.optim."):
        return []
    given = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "params")]
    match given:
        case [ast.List(elts=items) | ast.Tuple(elts=items)]:
            places = [_place(item) for item in items]
            return places if all(places) else []
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


def _asks(node: ast.AST, text: str) -> bool:
    """``x.requires_grad_()`` or ``x.requires_grad = True`` as a statement."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(asked, attr="requires_grad_")) as call):
            return _place(asked) == text and _is_true(call)
        case ast.Assign(targets=[ast.Attribute(asked, attr="requires_grad")], value=value):
            return _place(asked) == text and _holds(value)
    return False


def _is_true(call: ast.Call) -> bool:
    return all(_holds(flag) for flag in (*call.args, *(k.value for k in call.keywords)))


def _holds(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _is_parameter(module: ModuleFacts, value: ast.expr) -> bool:
    made = value.func if isinstance(value, ast.Call) else value
    return (module.qualified(made) or "").endswith(".Parameter")
