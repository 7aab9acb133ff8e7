"""Kind inference: one walk over the statements of every function, call by call.

The result is two tables, node → `Kind` and node → qualified PyTorch name; both the constructs that
`tojax check` reports and the translation read them.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator

from tojax.rules.index import RuleIndex
from tojax.source.annotations import annotation_kind
from tojax.source.facts import ClassFacts, Function, Home, ModuleFacts
from tojax.source.inference.expressions import ExpressionKinds
from tojax.source.inference.parameters import ParameterKinds
from tojax.source.inference.records import Records
from tojax.source.inference.rule_kinds import RuleKinds
from tojax.source.inference.scope import Scope
from tojax.source.inference.statements import StatementKinds
from tojax.source.kinds import NONE, UNKNOWN, Kind, join, one_of
from tojax.source.program import Program

# Inference follows a call into its callee up to this depth; further ones wait for their own turn.
_DEPTH = 25
# How often functions are inferred again whose callers told something new meanwhile.
_ROUNDS = 2


class Inference:
    """Kinds and PyTorch names of every expression of a program.

    ``homes`` tells in which part of a file each statement, function and method of the top level is;
    effects are then kept part by part. ``kinds``, ``names`` and ``callees`` are those of the
    ``records``; ``writes`` tells what functions change in place.
    """

    def __init__(
        self,
        program: Program,
        index: RuleIndex,
        homes: dict[ast.AST, Home] | None = None,
    ) -> None:
        self.program = program
        self.rules = RuleKinds(index)
        self.records = Records(homes if homes is not None else {})
        self.kinds = self.records.kinds
        self.names = self.records.names
        self.callees = self.records.callees
        self.returns: dict[Function, Kind] = {}
        self._running: set[Function] = set()
        self._parameters = ParameterKinds(self)
        self.writes = self._parameters.writes
        self._statements = StatementKinds(self)
        self._expressions = ExpressionKinds(self)
        # what the parts ask for all the time reaches the part that answers directly
        self.expression = self._expressions.expression
        self.statements = self._statements.statements
        self.bind = self._statements.bind

    def run(self, known: Container[ast.Module] = ()) -> None:
        """Infer the whole program; call sites tell callees what annotations left open.

        Args:
            known: parts that are left out, as all about them has been told.
        """

        def is_known(node: ast.AST) -> bool:
            home = self.records.homes.get(node)
            return home is not None and home.part in known

        modules = self.program.in_import_order()
        for module in modules:
            scope = Scope(module, env=module.globals)
            for statement in module.tree.body:
                if not is_known(statement):
                    self.records.enter(statement)
                    self.statements([statement], scope)
        for module in modules:
            for function, owner in _definitions(module):
                if not is_known(function):
                    self.function_return(module, function, owner)
        for _ in range(_ROUNDS):
            stale = [function for function in self._stale() if not is_known(function)]
            if not stale:
                break
            self._infer_again(stale)

    def forget(self) -> None:
        """Forget what takes memory, and what only a run needs, when nobody asks for it again."""
        self.records.forget_expressions()
        self._parameters.forget()

    def _stale(self) -> list[Function]:
        """Functions whose callers have told something new since they were inferred."""
        return [
            function
            for function, signature in self._parameters.signatures.items()
            if any(
                self.records.from_calls(function, name) != kind
                for name, kind in signature.told.items()
            )
        ]

    def _infer_again(self, functions: list[Function]) -> None:
        for function in functions:
            self.returns.pop(function, None)
        for function in functions:
            was = self._parameters.signatures[function]
            self.function_return(was.module, function, was.owner, was.outer)

    def function_return(
        self,
        module: ModuleFacts,
        function: Function,
        owner: ClassFacts | None,
        outer: Scope | None = None,
    ) -> Kind:
        """Kind of what a call returns; infers the body the first time."""
        if function in self.returns:
            known = self.returns[function]
            return UNKNOWN if known.tag == "unknown" else known
        if function in self._running or len(self._running) > _DEPTH:
            return annotation_kind(function.returns, module.qualified)
        self._running.add(function)
        former = self.records.enter(function)
        scope = self._parameters.function_scope(module, function, owner, outer)
        self.statements(function.body, scope)
        self.records.leave_to(former)
        self._running.discard(function)
        declared = annotation_kind(function.returns, module.qualified)
        inferred = join(*scope.returns) if scope.returns else NONE
        result = declared if inferred in (UNKNOWN, NONE) and declared != UNKNOWN else inferred
        self.returns[function] = one_of(scope.returns) if result == UNKNOWN else result
        return result

    def returned_items(self, function: Function, number: int) -> Kind:
        """Kind of what a function returns where that is unpacked into a number of names."""
        known = self.returns.get(function, UNKNOWN)
        options = known.items if known.tag == "unknown" else (known,)
        fitting = [o for o in options if o.tag == "tuple" and len(o.items) == number]
        return join(*fitting) if fitting else UNKNOWN


def _definitions(module: ModuleFacts) -> Iterator[tuple[Function, ClassFacts | None]]:
    """Every function that a module defines, with its class; all constructors before others: what
    they put into attributes, a class that they derive from may read."""
    for facts in module.classes.values():
        if "__init__" in facts.methods:
            yield facts.methods["__init__"], facts
    for facts in module.classes.values():
        for method in facts.functions:
            yield method, facts
    for function in module.all_functions:
        yield function, None
