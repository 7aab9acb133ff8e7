"""The names that are visible at one place of the code."""

from __future__ import annotations

from dataclasses import dataclass, field

from tojax.source.facts import ClassFacts, Function, ModuleFacts
from tojax.source.kinds import Kind


@dataclass(eq=False)
class Scope:
    """A function body, a comprehension or a module, with the kinds of its local names."""

    module: ModuleFacts
    owner: ClassFacts | None = None
    function: Function | None = None
    outer: Scope | None = None
    env: dict[str, Kind] = field(default_factory=dict)
    returns: list[Kind] = field(default_factory=list)
    local_functions: dict[str, Function] = field(default_factory=dict)

    def lookup(self, name: str) -> Kind | None:
        """The kind of a local name, or of one of an enclosing function."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.env:
                return scope.env[name]
            scope = scope.outer
        return None

    def local_function(self, name: str) -> Function | None:
        """The nested function that ``name`` means here."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.local_functions:
                return scope.local_functions[name]
            scope = scope.outer
        return None
