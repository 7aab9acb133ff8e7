"""Who shares memory in a program: what functions give back, keep and change of their arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tojax.source.facts import ClassFacts, Function, ModuleFacts, has_decorator
from tojax.source.kinds import is_array
from tojax.source.trees import walk
from tojax.translate.changing_calls import mutated
from tojax.translate.memory.blocks import Block
from tojax.translate.memory.flow import Flow
from tojax.translate.memory.layers import changes_argument
from tojax.translate.memory.reads import Read, reads
from tojax.translate.memory.values import Values

if TYPE_CHECKING:
    from tojax.translate.context import FileContext

Scope = Function | ast.Module
Target = Function | ClassFacts
_CHANGING = (ast.Call, ast.Assign, ast.AugAssign)


@dataclass(frozen=True)
class Summary:
    """What a function does with its parameters.

    ``returned``: it may give back a view of the second, as the item that the first says;
    ``written``: it changes the first in place, if the second is true; ``written_fields``: it
    changes what an attribute of the first holds; ``kept``: a field of the first holds the third.
    """

    returned: frozenset[tuple[str, str]] = frozenset()
    written: frozenset[tuple[str, str]] = frozenset()
    written_fields: frozenset[tuple[str, str]] = frozenset()
    kept: frozenset[tuple[str, str, str]] = frozenset()


class Change(NamedTuple):
    """A callee changes an argument, its ``parameter``; if the caller's name ``guard`` is true."""

    argument: ast.expr
    function: Function
    parameter: str
    guard: str


class Sharing:
    """Answers for the files of a program; remembers what it found."""

    def __init__(self, contexts: list[FileContext]) -> None:
        self.contexts: dict[ModuleFacts, FileContext] = {c.facts: c for c in contexts}
        self._flows: dict[Scope, Flow] = {}
        self._summaries: dict[Target, Summary] = {}
        self._reads: dict[Scope, list[Read]] = {}
        self._assigned: dict[ClassFacts, dict[str, list[ast.expr]]] = {}
        # What is known of a layer where it is called, by whoever asks.
        self.layers: dict[tuple[str, ast.expr], bool] = {}

    def context_of(self, function: Function) -> FileContext | None:
        """The file that a function is in."""
        found = (c for c in self.contexts.values() if function in c.edits.parents)
        return next(found, None)

    def flow(self, context: FileContext, scope: Scope) -> Flow:
        """The states of memory in a function, or at the top level of a file."""
        if scope not in self._flows:
            self._flows[scope] = Flow(context, scope)
        return self._flows[scope]

    def reads(self, context: FileContext, scope: Scope) -> list[Read]:
        """The uses of names in a scope."""
        if scope not in self._reads:
            self._reads[scope] = reads(context, scope)
        return self._reads[scope]

    def assigned(self, facts: ClassFacts, attr: str) -> list[ast.expr]:
        """What the methods of a class assign to an attribute of ``self``."""
        if facts not in self._assigned:
            found = self._assigned[facts] = {}
            for node in walk(facts.node):
                match node:
                    case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)]):
                        found.setdefault(name, []).append(node.value)
        return self._assigned[facts].get(attr, [])

    def before(self, context: FileContext, statement: ast.stmt) -> list[Values]:
        """Evaluates expressions as they are before a statement, each time that it runs."""
        scope = context.enclosing_function(statement) or context.edits.tree
        states = self.flow(context, scope).before.get(statement, [])
        return [Values(context, state.copy()) for state in states]

    def targets(
        self, context: FileContext, call: ast.Call
    ) -> list[tuple[Target, dict[str, ast.expr]]]:
        """The user's functions and classes that a call may reach, each with its arguments."""
        found: list[Target] = list(context.inference.callees.get(call, []))
        kind = context.kind(call.func)
        facts = context.program.class_of(kind) if kind.tag in ("module", "object") else None
        if facts is not None and not found:
            names = ("forward",) if kind.tag == "module" else ("__call__",)
            methods = (context.program.method(facts, name) for name in names)
            found = [method[1] for method in methods if method is not None]
        return [(target, self._arguments(context, call, target)) for target in found]

    def is_argument_throughout(self, function: Function, name: str) -> bool:
        """Whether a parameter shows what the caller gave, all through a function."""
        context = self.context_of(function)
        if context is None:
            return False
        flow = self.flow(context, function)
        states = [flow.last, *(state for states in flow.before.values() for state in states)]
        return all(state.name(name) == {(name,)} for state in states)

    def _arguments(
        self, context: FileContext, call: ast.Call, target: Target
    ) -> dict[str, ast.expr]:
        """Parameter → argument of a call."""
        if isinstance(target, ClassFacts):
            found = context.program.method(target, "__init__")
            if found is None:
                return dict(zip(_declared(target), call.args, strict=False)) | _keywords(call)
            function, receiver = found[1], None
        else:
            function, receiver = target, _receiver(call)
        names = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
        made: dict[str, ast.expr] = {}
        if names[:1] in (["self"], ["cls"]) and not has_decorator(function, "staticmethod"):
            if receiver is not None:
                made[names[0]] = receiver
            names = names[1:]
        for name, argument in zip(names, call.args, strict=False):
            if isinstance(argument, ast.Starred):
                break
            made[name] = argument
        return made | _keywords(call)

    def summary(self, target: Target) -> Summary:
        """What a function does with its arguments; of a recursive call nothing is known."""
        if target not in self._summaries:
            self._summaries[target] = Summary()
            self._summaries[target] = self._summarised(target)
        return self._summaries[target]

    def _summarised(self, target: Target) -> Summary:
        if isinstance(target, ClassFacts):
            context = self.contexts.get(target.module)
            found = context.program.method(target, "__init__") if context is not None else None
            if found is not None:
                return Summary(kept=self.summary(found[1]).kept)
            return Summary(kept=frozenset(("self", f".{n}", n) for n in _declared(target)))
        context = self.context_of(target)
        if context is None:
            return Summary()
        flow = self.flow(context, target)
        arguments = target.args
        taken = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        names = {parameter.arg for parameter in taken}
        kept = {
            (owner[0], item, block[0])
            for (owner, item), blocks in flow.last.fields.items()
            for block in blocks
            if owner[0] in names and block[0] in names and owner[0] != block[0] and len(owner) == 1
        }
        written = {(b, guard) for b, guard in self._written(context, target) if b[0] in names}
        fields = {b[:2] for b, _ in written if len(b) > 1 and str(b[1]).startswith(".")}
        return Summary(
            frozenset((item, str(b[0])) for item, b in flow.returned if str(b[0]).isidentifier()),
            frozenset((str(b[0]), guard) for b, guard in written if b[:2] not in fields),
            frozenset((str(name), str(item)) for name, item in fields),
            frozenset((str(owner), item, str(name)) for owner, item, name in kept),
        )

    def _written(self, context: FileContext, scope: Function) -> Iterator[tuple[Block, str]]:
        """The blocks that a function changes, each with the parameter that may switch that off."""
        for node in walk(scope):
            if isinstance(node, _CHANGING) and node in context.edits.parents:
                for place, guard in self._places(context, node):
                    switch = guard or _guard(context, node)
                    for values in self.before(context, context.edits.statement_of(node)):
                        yield from ((block, switch) for block in values.of(place))

    def _places(self, context: FileContext, node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
        """The expressions of which a node changes the array, also in a callee."""
        match node:
            case ast.Call():
                changed = mutated(context, node)
                if changed is not None:
                    yield changed, ""
                if context.name(node.func):
                    yield from ((k.value, "") for k in node.keywords if k.arg == "out")
                if context.kind(node.func).tag == "module" and node.args:
                    if changes_argument(context, node.func):
                        yield node.args[0], ""
                for change in self.changed(context, node):
                    yield change.argument, change.guard
            case ast.Assign(targets=targets):
                yield from ((p, "") for target in targets for p in _item_places(context, target))
            case ast.AugAssign(target=target):
                yield from ((place, "") for place in _item_places(context, target))
                if is_array(context.kind(target)):
                    yield target, ""

    def changed(self, context: FileContext, call: ast.Call) -> Iterator[Change]:
        """The arguments of a call that the user's code changes."""
        for target, arguments in self.targets(context, call):
            if isinstance(target, ClassFacts):
                continue
            summary = self.summary(target)
            for name, guard in sorted(summary.written):
                if name in arguments and name != "self" and not _is_off(target, arguments, guard):
                    value = arguments.get(guard)
                    switch = value.id if isinstance(value, ast.Name) else ""
                    yield Change(arguments[name], target, name, switch)
            for name, item in sorted(summary.written_fields):
                if name in arguments:
                    attribute = ast.Attribute(arguments[name], item[1:], ast.Load())
                    yield Change(attribute, target, name, "")


def _guard(context: FileContext, node: ast.AST) -> str:
    """The name of which the truth a part of a function depends on: ``if inplace: …``."""
    parents = context.edits.parents
    while not isinstance(node, Function) and node in parents:
        parent = parents[node]
        if isinstance(parent, ast.If | ast.IfExp):
            body = parent.body if isinstance(parent.body, list) else [parent.body]
            if node in body:
                match parent.test:
                    case ast.Name(id=name):
                        return name
                    case ast.Attribute(attr=attr) if _is_switch(attr):
                        return attr
        node = parent
    return ""


def _is_off(function: Function, arguments: dict[str, ast.expr], guard: str) -> bool:
    """Whether a call switches a change off; what is called ``inplace`` has to switch it on."""
    taken = [*function.args.posonlyargs, *function.args.args]
    defaults = dict(zip(reversed(taken), reversed(function.args.defaults), strict=False))
    by_name = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    defaults |= {parameter: default for parameter, default in by_name if default is not None}
    value = ({p.arg: default for p, default in defaults.items()} | arguments).get(guard)
    if isinstance(value, ast.Constant):
        return not value.value
    return _is_switch(guard) and not isinstance(value, ast.Name)


def _is_switch(name: str) -> bool:
    return "inplace" in name.replace("_", "").lower()


def _item_places(context: FileContext, target: ast.expr) -> Iterator[ast.expr]:
    match target:
        case ast.Subscript(value=base) if is_array(context.kind(base)):
            yield base
        case ast.Attribute(value=base, attr="data"):
            yield base
        case ast.Tuple(elts=items) | ast.List(elts=items):
            for item in items:
                yield from _item_places(context, item)


def _receiver(call: ast.Call) -> ast.expr | None:
    match call.func:
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
            return ast.Name("self", ast.Load())
        case ast.Attribute(value=base):
            return base
    return None


def _keywords(call: ast.Call) -> dict[str, ast.expr]:
    return {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def _declared(facts: ClassFacts) -> list[str]:
    """The fields of a data class or named tuple."""
    return [
        statement.target.id
        for statement in facts.node.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    ]
