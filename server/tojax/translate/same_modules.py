"""Several names of one module: ``self.model = model.to(device)`` keeps the very same object."""

from __future__ import annotations

import ast

from tojax.source.facts import Function
from tojax.source.trees import walk
from tojax.translate.passes.dataflow import one_by_one, text_of

# Methods of a module that return the module.
_RETURN_SELF = {"to", "cuda", "cpu", "xpu", "float", "double", "half", "bfloat16", "type",
                "train", "eval", "requires_grad_", "apply", "share_memory"}  # fmt: skip


def module_in(value: ast.expr) -> ast.expr:
    """The module that an expression gives: ``model`` of ``model.to(device).eval()``."""
    match value:
        case ast.Call(func=ast.Attribute(value=owner, attr=attr)) if attr in _RETURN_SELF:
            return module_in(owner)
    return value


def kept_as(function: Function, name: str) -> str:
    """The attribute in which a method keeps one of its local names; attributes are themselves."""
    if "." in name or name == "self":
        return name
    pairs = _pairs(function)
    names = {name}
    while True:
        found = {text for pair in pairs if names.intersection(pair) for text in pair}
        if found <= names:
            break
        names |= found
    return next((text for pair in pairs for text in pair if text in names and "." in text), "")


def _pairs(function: Function) -> list[tuple[str, str]]:
    """The texts of targets and values that are one object, as long as they are not bound anew."""
    bound: dict[str, int] = {}
    found: list[tuple[int, str, str]] = []
    for node in walk(function):
        if isinstance(node, ast.Assign):
            single = [(target, node.value) for target in node.targets]
            for target, value in one_by_one(node) or single:
                name, given = text_of(target), text_of(module_in(value))
                if name and given:
                    found.append((node.lineno, name, given))
                elif name:
                    bound[name] = max(node.lineno, bound.get(name, 0))
    return [
        (name, given)
        for line, name, given in found
        if line > max(bound.get(name, 0), bound.get(given, 0))
    ]
