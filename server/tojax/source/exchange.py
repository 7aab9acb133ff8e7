"""Edited blocks take the places of those in an analysed file that define the same names.

Nothing of the other blocks is then looked at again: most edits are of this kind.
"""

from __future__ import annotations

from collections.abc import Iterator

from tojax.source.blocks import Parsed
from tojax.source.facts import ClassFacts, Function, Home, ModuleFacts, class_facts
from tojax.source.inference import Inference
from tojax.source.trees import walk


def exchange(
    facts: ModuleFacts, inference: Inference, old: list[Parsed], new: list[Parsed]
) -> bool:
    """Put new blocks in the places of old ones, ready to be inferred; False: nothing was changed.

    Args:
        facts: the file; its text and tree are left to the caller.
        inference: what was found in it.
        old: the blocks that are no more. No other block may define their functions and variables.
        new: the blocks that are there instead.
    """
    before = [facts.class_of[node] for part in old for node in part.definitions.classes]
    nodes = [node for part in new for node in part.definitions.classes]
    if [node.name for node in nodes] != [owner.name for owner in before]:
        return False
    after = [
        class_facts(node, owner.label, facts) for node, owner in zip(nodes, before, strict=True)
    ]
    if _shape(before, old) != _shape(after, new) or _reaches_others(inference, before, old):
        return False
    if any(owner.name in facts.imports for owner in before):
        return False  # an inner class then has another label
    _forget(facts, inference, old)
    functions = dict(zip(_functions(before, old), _functions(after, new), strict=True))
    _define(facts, before, after, functions)
    _settle(inference, old, new, after, functions)
    _tell(inference, after, functions)
    return True


def _shape(classes: list[ClassFacts], parts: list[Parsed]) -> object:
    """What blocks define by name, and what their classes derive from."""
    methods = [[function.name for function in owner.functions] for owner in classes]
    named = [function.name for part in parts for function in part.definitions.functions]
    return methods, named, [owner.bases for owner in classes]


def _functions(classes: list[ClassFacts], parts: list[Parsed]) -> Iterator[Function]:
    """The methods and functions that blocks define, in an order that goes by names alone."""
    for owner in classes:
        yield from owner.functions
    for part in parts:
        yield from part.definitions.functions


def _reaches_others(inference: Inference, classes: list[ClassFacts], parts: list[Parsed]) -> bool:
    """Whether blocks told something about functions and classes of other blocks."""
    homes = inference.records.homes
    names = {homes[function].name for function in _functions(classes, parts)}
    keys = {owner.key for owner in classes}
    known = (inference.records.effects.get(part.tree) for part in parts)
    return any(
        not {key for key, *_ in effects.attributes} <= keys
        or not {name for name, *_ in effects.arguments} <= names
        for effects in known
        if effects is not None
    )


def _forget(facts: ModuleFacts, inference: Inference, parts: list[Parsed]) -> None:
    """Forget what blocks said: about their variables, functions and classes."""
    gone = {node for part in parts for node in walk(part.tree) if isinstance(node, Function)}
    for function in gone:
        inference.returns.pop(function, None)
    inference.records.forget_functions(gone)
    for part in parts:
        inference.records.effects.pop(part.tree, None)
        for variable in part.definitions.variables:
            facts.globals.pop(variable, None)


def _define(
    facts: ModuleFacts,
    before: list[ClassFacts],
    after: list[ClassFacts],
    functions: dict[Function, Function],
) -> None:
    for former, owner in zip(before, after, strict=True):
        del facts.class_of[former.node]
        facts.class_of[owner.node] = owner
        facts.classes[owner.label] = owner
    facts.all_functions = [functions.get(known, known) for known in facts.all_functions]
    for name, known in facts.functions.items():
        facts.functions[name] = functions.get(known, known)


def _settle(
    inference: Inference,
    old: list[Parsed],
    new: list[Parsed],
    classes: list[ClassFacts],
    functions: dict[Function, Function],
) -> None:
    """Let the functions and statements of blocks be at home there."""
    homes = inference.records.homes
    names = {function: homes.pop(former).name for former, function in functions.items()}
    for part in old:
        for statement in part.tree.body:
            homes.pop(statement, None)
    owners = {owner.node: owner for owner in classes}
    for part in new:
        homes.update((statement, Home(part.tree)) for statement in part.tree.body)
        own = [owners[node] for node in part.definitions.classes]
        homes.update((f, Home(part.tree, names[f])) for f in _functions(own, [part]))


def _tell(
    inference: Inference, classes: list[ClassFacts], functions: dict[Function, Function]
) -> None:
    """Tell new functions and classes what the blocks that stay told about the old ones."""
    records = inference.records
    by_name = {records.homes[function].name: function for function in functions.values()}
    by_key = {owner.key: owner for owner in classes}
    for effects in records.effects.values():
        for key, attribute, kind, registered in effects.attributes:
            if key in by_key:
                by_key[key].hold(attribute, kind, registered=registered)
        for name, parameter, kind in effects.arguments:
            if name in by_name:
                records.tell(by_name[name], parameter, kind)
