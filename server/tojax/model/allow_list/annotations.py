"""Annotations of a draft: Flax evaluates those of a module's class, so they must be plain types.

An annotation that is text is evaluated as code, which makes each text that may become an annotation
code to be checked.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from tojax.source.names import dotted

_PARTS = (
    ast.Name, ast.Attribute, ast.Subscript, ast.Tuple, ast.List, ast.Constant, ast.Starred,
    ast.UnaryOp, ast.USub, ast.BinOp, ast.BitOr, ast.expr_context,
)  # fmt: skip
_TYPE_MAKERS = ("TypeVar", "ParamSpec", "TypeVarTuple", "NewType")


class Annotations:
    """What the annotations of one draft refer to.

    Args:
        tree: the draft.
        imports: local name → what it may stand for.
    """

    def __init__(self, tree: ast.Module, imports: Mapping[str, set[str]]) -> None:
        self._imports = imports
        self._assigned: dict[str, list[ast.expr]] = {}
        self._other: set[str] = set()
        simple: set[int] = set()
        for node in ast.walk(tree):
            match node:
                case ast.Assign(targets=[ast.Name(id=name) as target], value=value):
                    self._assigned.setdefault(name, []).append(value)
                    simple.add(id(target))
                case ast.AnnAssign(target=ast.Name(id=name) as target, value=value):
                    self._assigned.setdefault(name, []).extend([value] if value else [])
                    simple.add(id(target))
                case ast.arg(arg=name):
                    self._other.add(name)
                case ast.Name(id=name, ctx=ast.Store()) if id(node) not in simple:
                    self._other.add(name)

    def expressions(self, annotation: ast.expr) -> Iterator[ast.expr]:
        """The expressions that evaluating an annotation runs besides itself: those in its texts.

        Raises:
            ValueError: it is not a plain type.
        """
        seen: set[str] = set()
        todo: list[ast.AST] = [annotation]
        while todo:
            node = todo.pop()
            match node:
                case ast.Constant(value=str(text)):
                    inner = _parsed(text, node)
                    if inner is not None:
                        yield inner
                        todo.append(inner)
                case ast.Name(id=name) if name not in seen:
                    seen.add(name)
                    todo += self._values(name)
                case ast.Attribute():
                    parts = dotted(node)
                    if parts is None or self._is_variable(parts[0]):
                        raise ValueError("an annotation has to be a plain type")
                case ast.Subscript(value=ast.Name() | ast.Attribute() as value, slice=index):
                    todo += [value] if self._is_literal(value) else [value, index]
                case ast.Subscript():
                    raise ValueError("an annotation has to be a plain type")
                case _ if not isinstance(node, _PARTS):
                    raise ValueError("an annotation has to be a plain type")
                case _:
                    todo += ast.iter_child_nodes(node)

    def _values(self, name: str) -> list[ast.expr]:
        """What is assigned to a name, where that is a type too."""
        if name in self._other:
            raise ValueError(f"the annotation {name} is a variable")
        return [value for value in self._assigned.get(name, ()) if not _makes_type(value)]

    def _is_variable(self, name: str) -> bool:
        return name in self._other or name in self._assigned or name not in self._imports

    def _is_literal(self, node: ast.expr) -> bool:
        """Whether an expression is ``typing.Literal``, whose texts nobody evaluates."""
        match node:
            case ast.Name(id=name):
                return not self._is_variable(name) and self._imports[name] == {"typing.Literal"}
            case ast.Attribute(value=ast.Name(id=name), attr="Literal"):
                return not self._is_variable(name) and self._imports[name] == {"typing"}
        return False


def _makes_type(value: ast.expr) -> bool:
    match value:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in _TYPE_MAKERS
    return False


def _parsed(text: str, place: ast.Constant) -> ast.expr | None:
    """The expression in a text, placed where the text stands; None if there is none."""
    try:
        expression = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for node in ast.walk(expression):
        if isinstance(node, ast.expr):
            node.lineno = place.lineno
    return expression
