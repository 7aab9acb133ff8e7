"""What the parts of inference ask of each other."""

from __future__ import annotations

import ast
from typing import Protocol

from tojax.source.facts import ClassFacts, Function, ModuleFacts
from tojax.source.inference.records import Records
from tojax.source.inference.rule_kinds import RuleKinds
from tojax.source.inference.scope import Scope
from tojax.source.kinds import Kind
from tojax.source.program import Program


class Walker(Protocol):
    """The walk over a program; `tojax.source.inference.Inference` is the one that there is."""

    program: Program
    rules: RuleKinds
    records: Records

    def expression(self, node: ast.expr | None, scope: Scope) -> Kind:
        """Kind of an expression; records it, and the qualified PyTorch name where it has one."""

    def statements(self, body: list[ast.stmt], scope: Scope) -> None:
        """Infer statements in order."""

    def bind(self, target: ast.expr, kind: Kind, scope: Scope) -> None:
        """Record that a target holds a value."""

    def function_return(
        self,
        module: ModuleFacts,
        function: Function,
        owner: ClassFacts | None,
        outer: Scope | None = None,
    ) -> Kind:
        """Kind of what a call of the user's function returns; infers it the first time."""

    def returned_items(self, function: Function, number: int) -> Kind:
        """Kind of what a function returns where that is unpacked into a number of names."""
