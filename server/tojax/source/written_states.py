"""State dicts whose arrays a loop changes: ``for v in ema.state_dict().values(): v *= d``."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from tojax.source.facts import ModuleFacts
from tojax.source.trees import walk


def written_states(module: ModuleFacts) -> set[ast.Call]:
    """The calls of ``state_dict`` that a loop iterates over and whose arrays it changes in place.

    Those dicts have to hold the module's variables, others hold plain arrays.

    Args:
        module: a file.
    """
    found: set[ast.Call] = set()
    if "state_dict" not in module.text.source:
        return found
    for loop in walk(module.tree):
        if isinstance(loop, ast.For):
            taken = dict(_taken(loop.target, loop.iter))
            written = {name for statement in loop.body for name in _written(statement)}
            found |= {state for name, state in taken.items() if name in written}
    return found


def _taken(target: ast.expr, iterable: ast.expr) -> Iterator[tuple[str, ast.Call]]:
    """The names that stand for arrays of a state dict, each with the call that gives the dict."""
    match target, iterable:
        case ast.Tuple(elts=targets), ast.Call(func=ast.Name(id="zip"), args=iterables):
            for pair in zip(targets, iterables, strict=False):
                yield from _taken(*pair)
        case (
            ast.Name(id=name),
            ast.Call(func=ast.Attribute(value=ast.Call() as state, attr="values")),
        ) if _is_state(state):
            yield name, state
        case (
            ast.Tuple(elts=[_, ast.Name(id=name)]),
            ast.Call(func=ast.Attribute(value=ast.Call() as state, attr="items")),
        ) if _is_state(state):
            yield name, state


def _is_state(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "state_dict" and not call.args


def _written(statement: ast.stmt) -> Iterator[str]:
    """The names of which a statement changes the array: by an operator or by a method ``mul_``."""
    for node in walk(statement):
        match node:
            case ast.AugAssign(target=target):
                yield from _owner(target)
            case ast.Assign(targets=targets):
                yield from itertools.chain.from_iterable(
                    _owner(target) for target in targets if not isinstance(target, ast.Name)
                )
            case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr.endswith(
                "_"
            ) and not attr.endswith("__"):
                yield from _owner(value)


def _owner(node: ast.expr) -> Iterator[str]:
    """``v`` in ``v``, ``v.data``, ``v[0]`` and ``v.mul_(d)``."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id
