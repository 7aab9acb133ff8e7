"""Which units need keys: those that draw, and their callers up to where keys are seeded."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from tojax.source.facts import ClassFacts, Function
from tojax.translate.context import FileContext
from tojax.translate.rngs.call_graph import Call
from tojax.translate.rngs.units import Unit, unit_of


class Needs:
    """The units that need keys; ``stores`` are the classes that keep them in ``self.rngs``.

    ``seeds`` are the calls that seed, by unit. Units that may need keys before they seed, or
    without it, are as those that never do.
    """

    def __init__(
        self,
        contexts: list[FileContext],
        calls: list[Call],
        seeds: Mapping[Unit, list[tuple[FileContext, ast.Call]]],
        handed_on: Iterable[ClassFacts | Function],
    ) -> None:
        self._contexts = contexts
        self._calls = calls
        self._seeds = seeds
        self._late: set[Unit] = set()
        self._handed_on = handed_on
        self._units: dict[Unit, None] = {}
        self.stores: dict[ClassFacts, None] = {}

    def find(self) -> None:
        """Find all units that need keys, from the draws that the contexts noted."""
        for context in self._contexts:
            for place, _ in context.draws:
                self._add(*unit_of(context, place))
        for unit in self._handed_on:
            owner = self._constructor_owner(unit) if isinstance(unit, ClassFacts) else None
            self._add(owner or unit, None)
        for facts in self._classes():
            if self._inherits_draws(facts):
                self._add(facts, None)
        changed = True
        while changed:
            news = [self._spread(call) for call in self._calls]
            news += [self._inherit(facts) for facts in self._classes()]
            news += [self._seeds_late(unit) for unit in self._seeds]
            changed = any(news)

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._units)

    def __contains__(self, unit: Unit) -> bool:
        return unit in self._units

    def hands_keys(self, call: Call) -> bool:
        """Whether a call passes keys."""
        return call.is_open or any(map(self.asks_for_keys, call.targets))

    def asks_for_keys(self, target: Unit) -> bool:
        """Whether a call of ``target`` must pass keys."""
        if isinstance(target, ClassFacts):
            return self._class_needs(target)
        return target in self._units and not (self.starts_keys(target) or self.is_main(target))

    def starts_keys(self, unit: Unit) -> bool:
        """Whether a unit seeds before anything in it needs keys."""
        return unit in self._seeds and unit not in self._late

    def is_main(self, unit: Unit) -> bool:
        """Whether a unit is a script's entry point, which starts the keys and takes none."""
        return any(context.facts.functions.get("main") is unit for context in self._contexts)

    def _seeds_late(self, unit: Unit) -> bool:
        """Whether keys turn out to be needed where no seed of the unit surely came before."""
        if unit in self._late:
            return False
        places = [
            (context, place)
            for context in self._contexts
            for place, _ in context.draws
            if unit_of(context, place)[0] is unit
        ]
        places += [
            (call.context, call.node)
            for call in self._calls
            if call.caller is unit and self.hands_keys(call)
        ]
        statements = [
            (context, context.edits.statement_of(node)) for context, node in self._seeds[unit]
        ]
        if all(any(_is_after(*place, *seed) for seed in statements) for place in places):
            return False
        self._late.add(unit)
        return True

    def _add(self, unit: Unit, function: Function | None) -> bool:
        changed = unit not in self._units
        self._units[unit] = None
        if isinstance(unit, ClassFacts) and function is not None and function.name != "__init__":
            self.stores[unit] = None
        return changed

    def _class_needs(self, facts: ClassFacts) -> bool:
        program = self._contexts[0].program
        return any(base in self._units for base in program.base_classes(facts))

    def _constructor_owner(self, facts: ClassFacts) -> ClassFacts | None:
        found = self._contexts[0].program.method(facts, "__init__")
        return found[0] if found is not None else None

    def _inherits_draws(self, facts: ClassFacts) -> bool:
        """Whether a class is constructed as a PyTorch layer is, and that layer draws."""
        context = self._contexts[0]
        layers = [context.index.base(base) for base in context.program.torch_bases(facts)]
        return self._constructor_owner(facts) is None and any(
            argument.arg == "rngs"
            for layer in layers
            if layer is not None
            for argument in context.index.signature(layer).kwonlyargs
        )

    def _classes(self) -> Iterator[ClassFacts]:
        for context in self._contexts:
            yield from context.facts.classes.values()

    def _spread(self, call: Call) -> bool:
        """The caller of what needs keys needs them too; tells whether that is new."""
        if not self.hands_keys(call):
            return False
        changed = False
        for target in call.targets:
            if isinstance(target, ClassFacts) and not self._class_needs(target):
                changed |= self._add(target, None)
        if call.caller not in self._units:
            return self._add(call.caller, call.function)
        if isinstance(call.caller, ClassFacts) and call.function is not None:
            if call.function.name != "__init__" and call.caller not in self.stores:
                self.stores[call.caller] = None
                return True
        return changed

    def _inherit(self, facts: ClassFacts) -> bool:
        """A class with a constructor of its own needs what its bases need."""
        if facts in self._units or "__init__" not in facts.methods:
            return False
        return self._class_needs(facts) and self._add(facts, None)


def _is_after(
    context: FileContext, node: ast.AST, seeding: FileContext, statement: ast.stmt
) -> bool:
    """Whether ``statement`` has always run when ``node`` is evaluated."""
    if context is not seeding:
        return False
    block = context.edits.block_of(statement)
    later = block[block.index(statement) + 1 :]
    current: ast.AST | None = node
    while current is not None and current not in later:
        current = context.edits.parents.get(current)
    return current is not None
