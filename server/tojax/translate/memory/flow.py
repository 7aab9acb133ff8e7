"""What is known of memory before each statement of a function or file.

The statements are followed in the order of execution, both ways of a condition and loops twice.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tojax.source.facts import Function
from tojax.translate.memory.blocks import NOTHING, Block, State
from tojax.translate.memory.values import Values

if TYPE_CHECKING:
    from tojax.translate.context import FileContext

_ROUNDS = 2


class Flow:
    """The states of one scope.

    ``before``: those before each statement, one for each time that it is followed; ``returned``:
    what the scope gives back, as a whole or as an item.
    """

    def __init__(self, context: FileContext, scope: Function | ast.Module | ast.ClassDef) -> None:
        self.before: dict[ast.stmt, list[State]] = {}
        self.returned: set[tuple[str, Block]] = set()
        self._values = Values(context, State())
        self._block(scope.body)
        self.last = self._values.state

    def _block(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            self.before.setdefault(statement, []).append(self._values.state.copy())
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        values = self._values
        match node:
            case ast.Assign(targets=targets, value=value):
                if not self._pairwise(targets, value):
                    blocks = values.of(value)
                    for target in targets:
                        values.bind(target, blocks)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                values.bind(target, values.of(value))
            case ast.AugAssign(target=target, value=value):
                added = values.of(value)
                values.extend(values.of(target), added)
            case ast.Return(value=ast.Tuple(elts=items)):
                for number, item in enumerate(items):
                    self.returned |= {(f"[{number}]", block) for block in values.of(item)}
            case ast.Return(value=value):
                self.returned |= {("", block) for block in values.of(value)}
            case ast.Expr(value=ast.Yield(value=value) | ast.YieldFrom(value=value)):
                self.returned |= {("", block) for block in values.of(value)}
            case ast.If(test=test, body=body, orelse=orelse):
                values.of(test)
                self._either(body, orelse)
            case ast.For(target=target, iter=iterable) | ast.AsyncFor(target=target, iter=iterable):
                self._loop(node, target, iterable)
            case ast.While(test=test):
                values.of(test)
                self._loop(node, None, None)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                for managed in items:
                    blocks = values.of(managed.context_expr)
                    if managed.optional_vars is not None:
                        values.bind(managed.optional_vars, blocks)
                self._block(body)
            case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
                self._block(body)
                self._either(orelse, *(handler.body for handler in handlers))
                self._block(finalbody)
            case ast.Match(subject=subject, cases=cases):
                values.of(subject)
                self._either([], *(case.body for case in cases))
            case ast.Delete(targets=targets):
                for target in targets:
                    if isinstance(target, ast.Name):
                        values.state.names.pop(target.id, None)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                values.state.names[name] = NOTHING
            case ast.Expr(value=value):
                values.of(value)

    def _pairwise(self, targets: list[ast.expr], value: ast.expr) -> bool:
        """``a, b = b, a``: each name is bound to one value."""
        values = self._values
        match targets, value:
            case [ast.Tuple(elts=names)], ast.Tuple(elts=parts) if len(names) == len(parts):
                if not any(isinstance(part, ast.Starred) for part in (*names, *parts)):
                    found = [values.of(part) for part in parts]
                    for name, blocks in zip(names, found, strict=True):
                        values.bind(name, blocks)
                    return True
        return False

    def _either(self, *blocks: list[ast.stmt]) -> None:
        start = self._values.state
        ends: list[State] = []
        for block in blocks:
            self._values.state = start.copy()
            self._block(block)
            if not block or not isinstance(block[-1], ast.Return | ast.Raise):
                ends.append(self._values.state)
        joined = ends[0] if ends else start
        for end in ends[1:]:
            joined.join(end)
        self._values.state = joined

    def _loop(
        self,
        node: ast.For | ast.AsyncFor | ast.While,
        target: ast.expr | None,
        iterable: ast.expr | None,
    ) -> None:
        values = self._values
        known, values.made = values.made, set()
        for _ in range(_ROUNDS):
            before = values.state.copy()
            values.state.age(values.made)
            if target is not None and iterable is not None:
                values.bind_each(target, iterable)
            self._block(node.body)
            if target is None:
                values.state.join(before)  # a ``for`` is taken to run at least once
        values.made |= known
        self._block(node.orelse)
