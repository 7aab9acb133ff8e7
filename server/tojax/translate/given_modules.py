"""Gives modules, and streams of keys, to functions that use them by themselves.

``self.compute_loss(x)`` inside a function to differentiate becomes ``self.compute_loss(x,
model=model)``; without the argument the method goes on using ``self.model``.
"""

from __future__ import annotations

import ast

from tojax.source.facts import Function, parameters
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.differentiated import rename
from tojax.translate.insertions import add_keyword, insert_first, insert_parameters
from tojax.translate.passes.dataflow import Scope, text_of, writes
from tojax.translate.reaching import Reaching

_TRANSPARENT = ("torch.", "staticmethod", "classmethod")


class GivenModules:
    """The parameters that functions get for what they use by themselves."""

    def __init__(self, reaching: Reaching) -> None:
        self._reaching = reaching
        self._names: dict[tuple[Function, str], str] = {}

    def obstacle(self, context: FileContext, scope: Scope, node: ast.AST, text: str) -> str:
        """Why the functions called in a node cannot be given what they use; empty if they can."""
        return self._obstacle(context, scope, node, text, set())

    def give(
        self, context: FileContext, scope: Scope, node: ast.AST, text: str, value: str
    ) -> None:
        """Pass ``value`` for what ``text`` names in a scope, to all that use it below a node."""
        for route in self._reaching.routes(context, scope, node, text):
            name = self._parameter(route.function, route.text)
            add_keyword(context.edits, route.call, f"{name}={value}")

    def name(self, function: Function, text: str) -> str:
        """The parameter that a function got for ``text``, or an empty string."""
        return self._names.get((function, text), "")

    def _obstacle(
        self,
        context: FileContext,
        scope: Scope,
        node: ast.AST,
        text: str,
        seen: set[tuple[Function, str]],
    ) -> str:
        for route in self._reaching.routes(context, scope, node, text):
            function, inner = route.function, route.text
            if (function, inner) in seen:
                continue
            seen.add((function, inner))
            home = self._reaching.home(function)
            members = self._reaching.family(function)
            if not all(_can_be_given(self._reaching.home(m), m, inner) for m in members):
                return f"{function.name}() uses {inner} itself; give it as an argument"
            for statement in function.body:
                reason = self._obstacle(home, function, statement, inner, seen)
                if reason:
                    return reason
        return ""

    def _parameter(self, function: Function, text: str) -> str:
        known = self._names.get((function, text))
        if known is not None:
            return known
        home = self._reaching.home(function)
        family = self._reaching.family(function)
        is_default = "." not in text and _is_bound_before(home, function, text)
        name = text if is_default else _fresh(family, text)
        self._names |= {(member, text): name for member in family}
        for member in family:
            self._receive(member, text, name, is_default=is_default)
        return name

    def _receive(self, function: Function, text: str, name: str, *, is_default: bool) -> None:
        """Give a function a parameter, and hand it on to what the function calls."""
        home = self._reaching.home(function)
        insert_parameters(home.edits, function, f"{name}={text if is_default else None}")
        if not is_default and self._reaching.reaches(function, text):
            _choose(home, function, text, name)
            for statement in function.body:
                rename(home.edits, statement, text, name)
        for statement in function.body:
            self.give(home, function, statement, text, name)


def _can_be_given(home: FileContext, function: Function, text: str) -> bool:
    if any(text in writes(statement) for statement in function.body):
        return False
    calls = (part for part in walk(function) if isinstance(part, ast.Call))
    if any(isinstance(c.func, ast.Attribute) and c.func.attr == "backward" for c in calls):
        return False
    return _is_called_directly(home, function)


def _is_called_directly(home: FileContext, function: Function) -> bool:
    """Whether what stands under the function's name takes the function's own arguments."""
    for decorator in function.decorator_list:
        made = decorator.func if isinstance(decorator, ast.Call) else decorator
        if not (home.name(made) or text_of(made)).startswith(_TRANSPARENT):
            return False
    return True


def _is_bound_before(home: FileContext, function: Function, name: str) -> bool:
    """Whether a name has its only value by the time that the function is defined."""
    outer = home.enclosing_function(function)
    found = [0] if outer and name in {a.arg for a in parameters(outer.args)} else []
    for node in walk(outer or home.edits.tree):
        if isinstance(node, ast.Global | ast.Nonlocal) and name in node.names:
            return False
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store):
            if home.enclosing_function(node) is outer and not home.enclosing_class(node):
                found.append(home.edits.spans[node][0])
    return len(found) == 1 and found[0] < home.edits.spans[function][0]


def _fresh(functions: list[Function], text: str) -> str:
    name = text.rpartition(".")[2]
    parts = [part for function in functions for part in walk(function)]
    taken = {a.arg for a in parts if isinstance(a, ast.arg)}
    taken |= {n.id for n in parts if isinstance(n, ast.Name)}
    return f"{name}_" if name in taken else name


def _choose(home: FileContext, function: Function, text: str, name: str) -> None:
    """``model = self.model if model is None else model``, first in the function."""
    chosen = ast.parse(f"{name} = {text} if {name} is None else {name}").body
    insert_first(home, function, chosen)
