"""The analysis of one file, kept so that the analysis of an edited version can build on it.

An edit changes a few blocks. They are inferred again with everything that the others told; if they
then tell the others nothing new, the results for the others stay. Otherwise the file is analysed
afresh.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tojax.rules.index import rule_index
from tojax.source.blocks import Block, Parsed
from tojax.source.construct_finder import block_constructs
from tojax.source.constructs import Construct
from tojax.source.exchange import exchange
from tojax.source.facts import Function, Home, ModuleFacts, joined_facts
from tojax.source.inference import Inference
from tojax.source.kinds import UNKNOWN, Kind, join
from tojax.source.names import imported_names
from tojax.source.program import Program
from tojax.source.text import Text

# What other blocks can know of a block: what it is about, and its name in the file.
_Export = tuple[str, str]
# Methods that are called without their names being written.
_IMPLICIT = {"forward", "__call__"}


@dataclass(frozen=True, eq=False)
class Solution:
    """A file's blocks, what they define, what inference found, and the constructs by block."""

    blocks: list[Block]
    facts: ModuleFacts
    inference: Inference
    constructs: Mapping[Parsed, list[Construct]]
    _placed: dict[Parsed, tuple[int, list[Construct]]] = field(default_factory=dict)

    @classmethod
    def of(cls, blocks: list[Block]) -> Solution:
        """Analyse the blocks of a file.

        Raises:
            RecursionError: an expression is nested too deeply.
        """
        facts, inference = _prepared(blocks)
        inference.run()
        constructs = {
            block.parsed: block_constructs(block.parsed, facts, inference) for block in blocks
        }
        inference.forget()
        return cls(blocks, facts, inference, constructs)

    def edited(self, blocks: list[Block]) -> Solution | None:
        """The analysis of an edited version, if what changed does not concern the other blocks.

        This one is of no use afterwards: the new one may have taken over its parts.
        """
        start = _common(self.blocks, blocks)
        end = _common(self.blocks[start:][::-1], blocks[start:][::-1])
        old = [block.parsed for block in self.blocks[start : len(self.blocks) - end]]
        new = [block.parsed for block in blocks[start : len(blocks) - end]]
        kept = [block.parsed for block in (*blocks[:start], *blocks[len(blocks) - end :])]
        if not _replaceable(old, new, kept):
            return None
        before = _exports(old, self.facts, self.inference)
        facts, inference = self.facts, self.inference
        if exchange(facts, inference, old, new):
            facts.text, facts.tree = _joined(blocks)
        else:
            facts, inference = _prepared(blocks)
            if any(
                facts.class_of[node].label != self.facts.class_of[node].label
                for parsed in kept
                for node in parsed.definitions.classes
            ):
                return None
            self._tell(kept, facts, inference)
        inference.run(known={parsed.tree for parsed in kept})
        after = _exports(new, facts, inference)
        changed = {
            name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
        }
        if any(_concerns(name, kept) for name in changed):
            return None
        constructs = {parsed: self.constructs[parsed] for parsed in kept}
        constructs |= {parsed: block_constructs(parsed, facts, inference) for parsed in new}
        inference.forget()
        placed = {parsed: self._placed[parsed] for parsed in kept if parsed in self._placed}
        return Solution(blocks, facts, inference, constructs, placed)

    def placed_constructs(self) -> list[list[Construct]]:
        """The constructs of each block, lines counted from the first of the file."""
        found: list[list[Construct]] = []
        for parsed, line in self.blocks:
            known = self._placed.get(parsed)
            if known is None or known[0] != line:
                moved = [construct.moved(line) for construct in self.constructs[parsed]]
                known = self._placed[parsed] = line, moved
            found.append(known[1])
        return found

    def _tell(self, kept: Iterable[Parsed], facts: ModuleFacts, inference: Inference) -> None:
        """Tell ``inference`` what is known from the blocks that are kept."""
        functions = {
            home.name: node
            for node, home in inference.records.homes.items()
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        owners = {owner.key: owner for owner in facts.classes.values()}
        for parsed in kept:
            for variable in parsed.definitions.variables & self.facts.globals.keys():
                facts.globals[variable] = self.facts.globals[variable]
            effects = self.inference.records.effects.get(parsed.tree)
            if effects is None:
                continue
            inference.records.effects[parsed.tree] = effects
            for key, attribute, kind, registered in effects.attributes:
                if key in owners:
                    owners[key].hold(attribute, kind, registered=registered)
            for name, parameter, kind in effects.arguments:
                if name in functions:
                    inference.records.tell(functions[name], parameter, kind)
        trees = {parsed.tree for parsed in kept}
        for function, kind in self.inference.returns.items():
            home = inference.records.homes.get(function)
            if home is not None and home.part in trees:
                inference.returns[function] = kind


def _prepared(blocks: Iterable[Block]) -> tuple[ModuleFacts, Inference]:
    """The facts of a file, and its inference before it has run."""
    parts = [block.parsed for block in blocks]
    empty = ModuleFacts("", "", *_joined(blocks))
    facts = joined_facts(empty, [part.definitions for part in parts])
    homes: dict[ast.AST, Home] = {}
    taken: set[str] = set()

    def settle(part: Parsed, function: Function, prefix: str) -> None:
        name, number = f"{prefix}{function.name}", 1
        while name in taken:
            number += 1
            name = f"{prefix}{function.name}#{number}"
        taken.add(name)
        homes[function] = Home(part.tree, name)

    for part in parts:
        for statement in part.tree.body:
            homes[statement] = Home(part.tree)
        for node in part.definitions.classes:
            owner = facts.class_of[node]
            for function in owner.functions:
                settle(part, function, f"{owner.label}.")
        for function in part.definitions.functions:
            settle(part, function, "")
    return facts, Inference(Program([facts]), rule_index(), homes)


def _joined(blocks: Iterable[Block]) -> tuple[Text, ast.Module]:
    """The text and the tree of a whole file."""
    parts = [block.parsed for block in blocks]
    tree = ast.Module([statement for part in parts for statement in part.tree.body], [])
    return Text("".join(part.text for part in parts)), tree


def _common(left: list[Block], right: list[Block]) -> int:
    """How many blocks two lists have in common at their start."""
    count = 0
    for one, other in zip(left, right, strict=False):
        if one.parsed is not other.parsed:
            break
        count += 1
    return count


def _replaceable(old: list[Parsed], new: list[Parsed], kept: list[Parsed]) -> bool:
    """Whether no import changes, and no name is defined both by changed blocks and by others."""
    imports_before, imports_after = (
        imported_names(node for part in parts for node in part.definitions.imports)
        for parts in (old, new)
    )
    return imports_before == imports_after and _defined((*old, *new)).isdisjoint(_defined(kept))


def _defined(parts: Iterable[Parsed]) -> set[str]:
    """The functions and variables that blocks define."""
    names: set[str] = set()
    for part in parts:
        names |= part.definitions.variables
        names.update(function.name for function in part.definitions.functions)
    return names


def _exports(
    parts: list[Parsed], facts: ModuleFacts, inference: Inference
) -> dict[_Export, object]:
    """What other blocks can know of some blocks, by name."""
    found: dict[_Export, object] = {}
    own_functions: set[str] = set()
    arguments: dict[_Export, set[Kind]] = {}
    attributes: dict[_Export, Kind] = {}
    for part in parts:
        for variable in part.definitions.variables:
            found["variable", variable] = facts.globals.get(variable)
        functions = list(part.definitions.functions)
        for node in part.definitions.classes:
            owner = facts.class_of[node]
            found["class", owner.label] = owner.bases
            functions += owner.functions
        for function in functions:
            returned = inference.returns.get(function, UNKNOWN)
            name = inference.records.homes[function].name
            own_functions.add(name)
            found["function", name] = (_header(part, function), returned)
    for part in parts:
        effects = inference.records.effects.get(part.tree)
        if effects is None:
            continue
        for key, attribute, kind, registered in effects.attributes:
            place = ("attribute", f"{key}.{attribute}")
            attributes[place] = (
                kind if registered or place not in attributes else join(attributes[place], kind)
            )
        for name, parameter, kind in effects.arguments:
            if name not in own_functions:
                arguments.setdefault(("argument", f"{name}.{parameter}"), set()).add(kind)
    return found | attributes | arguments


def _header(part: Parsed, function: Function) -> list[str]:
    """The lines of a function's decorators and signature."""
    first = min([function.lineno, *(node.lineno for node in function.decorator_list)])
    body = function.body[0].lineno
    return part.lines[first - 1 : max(body - 1, function.lineno)]


def _concerns(export: _Export, parts: Iterable[Parsed]) -> bool:
    """Whether blocks may depend on something; what they do not mention cannot concern them."""
    what, name = export
    last = name.rpartition(".")[2].partition("#")[0]
    if what == "argument" or last in _IMPLICIT:
        return True
    mentioned = re.compile(rf"\b{re.escape(last)}\b")
    return any(mentioned.search(part.text) for part in parts)
