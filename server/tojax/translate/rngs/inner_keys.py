"""Keys for methods that a differentiated function calls, and that draw from ``self.rngs``.

JAX traces the function, and a stream from outside cannot be drawn from in there: the function gets
one of its own, and the methods that draw take it as an argument.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

from tojax.source.facts import ClassFacts, Function
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.differentiated import Differentiated
from tojax.translate.given_modules import GivenModules
from tojax.translate.reaching import Reaching, receiver

_STREAM = "self.rngs"


class InnerKeys:
    """Gives streams to the methods in ``drawing``, which draw from those of their object."""

    def __init__(self, contexts: list[FileContext], drawing: Collection[Function]) -> None:
        self._drawing = drawing
        reads = lambda function, text: text == _STREAM and function in drawing  # noqa: E731
        self._reaching = Reaching(contexts, reads)
        self._given = GivenModules(self._reaching)
        for context in contexts:
            for node, made in context.differentiated.items():
                self._give(context, node, made)

    def name(self, function: Function | None, text: str) -> str:
        """The parameter in which a function has what was ``text``; empty if it has none."""
        return self._given.name(function, text) if function is not None else ""

    def _give(self, context: FileContext, node: ast.AST, made: Differentiated) -> None:
        scope = context.enclosing_function(node) or context.edits.tree
        for text in sorted(self._streams(context, node, set())):
            if not made.is_given(text) and not self._given.obstacle(context, scope, node, text):
                self._given.give(context, scope, node, text, made.stream(text))

    def _streams(self, context: FileContext, node: ast.AST, seen: set[Function]) -> set[str]:
        """The streams, by their text where a node stands, that what it calls draws from."""
        found: set[str] = set()
        for call in walk(node):
            if not isinstance(call, ast.Call):
                continue
            for target in context.inference.callees.get(call, []):
                if isinstance(target, ClassFacts) or target in seen:
                    continue
                inner = {_STREAM} if target in self._drawing else set()
                home = self._reaching.home(target)
                for statement in target.body:
                    inner |= self._streams(home, statement, seen | {target})
                owner = receiver(call, target)
                found |= {owner + text.removeprefix("self") for text in inner if owner}
        return found
