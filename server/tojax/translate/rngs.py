"""Random keys: finds who draws random numbers, and threads ``rngs`` from the callers to them.

A constructor that needs randomness gains a keyword-only ``rngs``; other methods use the ``rngs``
that their constructor stored; functions gain the keyword, and scripts seed it where PyTorch was
seeded. The source's own order of draws is kept.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tojax.source.facts import ClassFacts, Function, ModuleFacts
from tojax.source.kinds import Kind
from tojax.translate.insertions import (
    add_keyword,
    add_parameter,
    insert_after,
    insert_before,
    insert_first,
    insert_member,
    is_super_init,
)

if TYPE_CHECKING:
    from tojax.translate.context import FileContext

Unit = ClassFacts | Function | ModuleFacts


@dataclass
class RngUses:
    """Draws found in one program: each made ``rngs`` name, and the original node that it is at."""

    draws: list[tuple[FileContext, ast.AST, ast.Name]] = field(default_factory=list)

    def add(self, context: FileContext, place: ast.AST, name: ast.Name) -> None:
        """Note that ``name``, printed at ``place``, must mean a key source."""
        self.draws.append((context, place, name))


def unit_of(context: FileContext, node: ast.AST) -> tuple[Unit, Function | None]:
    """Who provides ``rngs`` at a node (class, function or module), and the function it is in."""
    outermost: Function | None = None
    current = context.edits.parents.get(node)
    while current is not None:
        if isinstance(current, ast.FunctionDef | ast.AsyncFunctionDef):
            outermost = current
        if isinstance(current, ast.ClassDef):
            facts = context.facts.classes.get(current.name)
            if facts is not None and outermost is not None and not _is_static(outermost):
                return facts, outermost
            if outermost is None:
                return context.facts, None
        current = context.edits.parents.get(current)
    return (outermost, outermost) if outermost is not None else (context.facts, None)


def _is_static(function: Function) -> bool:
    return any(
        isinstance(decorator, ast.Name) and decorator.id in ("staticmethod", "classmethod")
        for decorator in function.decorator_list
    )


@dataclass
class _Call:
    context: FileContext
    node: ast.expr
    caller: Unit
    function: Function | None
    targets: Sequence[Unit]


class RngThreading:
    """Propagates the need for keys through a program and writes it into the files."""

    def __init__(self, contexts: list[FileContext], uses: RngUses) -> None:
        self._contexts = {context.facts.name: context for context in contexts}
        self._uses = uses
        self._needs: dict[Unit, None] = {}
        self._stores: dict[ClassFacts, None] = {}
        self._seeders: dict[ast.Call, Function | None] = {}
        self._seeded: dict[Unit, list[tuple[FileContext, ast.Call]]] = {}
        self._calls = [call for context in contexts for call in self._calls_of(context)]
        self._calls += [use for context in contexts for use in self._references(context)]
        self._find_seeds()

    def run(self) -> None:
        """Find the units that need keys, then give each its parameter, store or seed."""
        for context, place, _ in self._uses.draws:
            self._need(*unit_of(context, place))
        self._propagate()
        for context, place, name in self._uses.draws:
            unit, function = unit_of(context, place)
            context.edits.expressions[name] = self._source(unit, function)
        self._pass_on()
        self._pass_to_bases()
        for unit in self._needs:
            self._provide(unit)
        self._remove_unused_seeds()

    # who needs keys

    def _need(self, unit: Unit, function: Function | None) -> bool:
        changed = unit not in self._needs
        self._needs[unit] = None
        if isinstance(unit, ClassFacts) and function is not None and function.name != "__init__":
            self._stores[unit] = None
        return changed

    def _calls_of(self, context: FileContext) -> list[_Call]:
        found = []
        for node, targets in context.inference.callees.items():
            if node not in context.edits.parents:
                continue
            caller, function = unit_of(context, node)
            through = _is_parameter(context, node)
            known = [t for t in targets if isinstance(t, ClassFacts) or not through]
            found.append(_Call(context, node, caller, function, known))
        return found

    def _references(self, context: FileContext) -> list[_Call]:
        """Functions handed on as values, such as ``self.apply(init_weights)``."""
        found = []
        for node, kind in context.inference.kinds.items():
            if kind.tag not in ("user", "method") or node not in context.edits.spans:
                continue
            parent = context.edits.parents[node]
            if isinstance(parent, ast.Attribute | ast.ImportFrom) or not isinstance(node, ast.expr):
                continue
            if isinstance(parent, ast.Call) and parent.func is node:
                continue
            function = _function_behind(context, kind)
            if function is not None:
                caller, inside = unit_of(context, node)
                found.append(_Call(context, node, caller, inside, [function]))
        return found

    def _class_needs(self, facts: ClassFacts) -> bool:
        context = self._context_of(facts)
        return any(base in self._needs for base in context.program.base_classes(facts))

    def _propagate(self) -> None:
        changed = True
        while changed:
            changed = False
            for call in self._calls:
                if any(self._target_needs(target) for target in call.targets):
                    for target in call.targets:
                        if isinstance(target, ClassFacts) and target not in self._needs:
                            if not self._class_needs(target):
                                changed |= self._need(target, None)
                    if call.caller not in self._needs:
                        changed |= self._need(call.caller, call.function)
                    elif isinstance(call.caller, ClassFacts) and call.function is not None:
                        if call.function.name != "__init__" and call.caller not in self._stores:
                            self._stores[call.caller] = None
                            changed = True
            for context in self._contexts.values():
                for facts in context.facts.classes.values():
                    if facts not in self._needs and "__init__" in facts.methods:
                        if self._class_needs(facts):
                            changed |= self._need(facts, None)

    def _target_needs(self, target: Unit) -> bool:
        if isinstance(target, ClassFacts):
            return self._class_needs(target)
        return target in self._needs and target not in self._seeded and not self._is_main(target)

    def _is_main(self, unit: Unit) -> bool:
        """Whether a unit is a script's entry point, which starts the keys and takes none."""
        contexts = self._contexts.values()
        return any(context.facts.functions.get("main") is unit for context in contexts)

    # what stands for the keys

    def _source(self, unit: Unit, function: Function | None) -> ast.expr:
        if isinstance(unit, ClassFacts) and function is not None and function.name != "__init__":
            self_name = function.args.args[0].arg if function.args.args else "self"
            return ast.Attribute(ast.Name(self_name, ast.Load()), "rngs", ast.Load())
        return _rngs()

    def _pass_on(self) -> None:
        for call in self._calls:
            if any(self._target_needs(target) for target in call.targets):
                source = self._source(call.caller, call.function)
                if isinstance(call.node, ast.Call):
                    add_keyword(call.context.edits, call.node, f"rngs={ast.unparse(source)}")
                else:
                    _bind_rngs(call.context, call.node, source)

    def _pass_to_bases(self) -> None:
        """``super().__init__(…)`` hands the keys to a base class that needs them."""
        for facts in self._needs:
            if not isinstance(facts, ClassFacts) or "__init__" not in facts.methods:
                continue
            context = self._context_of(facts)
            bases = [b for b in context.program.base_classes(facts) if b is not facts]
            inherits = any(base in self._needs for base in bases)
            for node in ast.walk(facts.methods["__init__"]):
                if inherits and isinstance(node, ast.Call) and is_super_init(node):
                    add_keyword(context.edits, node, "rngs=rngs")

    def _context_of(self, unit: ClassFacts) -> FileContext:
        return self._contexts[unit.module.name]

    # where the keys come from

    def _provide(self, unit: Unit) -> None:
        if isinstance(unit, ModuleFacts):
            if unit not in self._seeded:
                self._seed_module(unit)
        elif isinstance(unit, ClassFacts):
            self._give_class(unit)
        elif unit not in self._seeded:
            context = self._context_of_function(unit)
            if self._is_main(unit):
                self._seed_function(context, unit)
            else:
                add_parameter(context, unit)

    def _context_of_function(self, function: Function) -> FileContext:
        return next(c for c in self._contexts.values() if function in c.edits.spans)

    def _give_class(self, facts: ClassFacts) -> None:
        context = self._context_of(facts)
        constructor = facts.methods.get("__init__")
        stores = facts in self._stores
        if constructor is not None:
            add_parameter(context, constructor)
            if stores:
                self_name = constructor.args.args[0].arg
                store = ast.Assign(
                    [ast.Attribute(ast.Name(self_name, ast.Store()), "rngs", ast.Store())], _rngs()
                )
                insert_first(context, constructor, [store])
        elif stores and not any(
            "__init__" in base.methods for base in context.program.base_classes(facts)
        ):
            context.imports.add("from flax import nnx")
            text = "def __init__(self, *, rngs: nnx.Rngs):\n    self.rngs = rngs"
            member = ast.parse(text).body[0]
            assert isinstance(member, ast.FunctionDef)
            insert_member(context, facts.node, member)

    def _seed_module(self, module: ModuleFacts) -> None:
        context = self._contexts[module.name]
        places = [place for c, place, _ in self._uses.draws if c is context]
        places += [
            call.node
            for call in self._calls
            if call.context is context and any(self._target_needs(t) for t in call.targets)
        ]
        top = [
            statement
            for place in places
            if unit_of(context, place)[0] is module
            for statement in [_top_statement(context, place)]
        ]
        first = min(top, key=lambda statement: context.edits.spans[statement][0])
        context.imports.add("from flax import nnx")
        guarded = isinstance(first, ast.If) and "__name__" in ast.unparse(first.test)
        target = first.body[0] if guarded and isinstance(first, ast.If) else first
        insert_before(context, target, [_seed(ast.Constant(0))])

    def _seed_function(self, context: FileContext, function: Function) -> None:
        context.imports.add("from flax import nnx")
        insert_first(context, function, [_seed(ast.Constant(0))])

    def _find_seeds(self) -> None:
        for context in self._contexts.values():
            for node in context.edits.parents:
                if isinstance(node, ast.Call) and context.name(node.func) == "torch.manual_seed":
                    self._add_seed(context, node)

    def _add_seed(self, context: FileContext, node: ast.Call) -> None:
        unit, function = unit_of(context, node)
        statement = context.edits.parents.get(node)
        if not isinstance(statement, ast.Expr) or not node.args or isinstance(unit, ClassFacts):
            return
        context.done.add(node)
        seeders = self._seeding_calls(context, node, function)
        if seeders:
            context.edits.replace_statement(statement, [])
            for caller_context, call in seeders:
                self._seeders[call] = function
                caller, _ = unit_of(caller_context, call)
                self._seeded.setdefault(caller, []).append((caller_context, call))
        else:
            self._seeded.setdefault(unit, []).append((context, node))

    def _seeding_calls(
        self, context: FileContext, node: ast.Call, function: Function | None
    ) -> list[tuple[FileContext, ast.Call]]:
        """Calls of a function such as ``set_seed(seed)`` that only passes its argument on."""
        if function is None or not isinstance(node.args[0], ast.Name):
            return []
        names = [argument.arg for argument in function.args.args]
        if node.args[0].id not in names or any(
            isinstance(part, ast.Return) and part.value is not None for part in ast.walk(function)
        ):
            return []
        calls = [call for call in self._calls if function in call.targets]
        return [(c.context, c.node) for c in calls if isinstance(c.node, ast.Call)]

    def _remove_unused_seeds(self) -> None:
        for unit, places in self._seeded.items():
            for context, node in places:
                statement = context.edits.parents[node]
                assert isinstance(statement, ast.stmt)
                is_torch = context.name(node.func) == "torch.manual_seed"
                if unit not in self._needs:
                    if is_torch:
                        context.edits.replace_statement(statement, [])
                    continue
                context.imports.add("from flax import nnx")
                seed = _seed(_seed_argument(node, self._seeders.get(node)))
                if is_torch:
                    context.edits.replace_statement(statement, [seed])
                else:
                    insert_after(context, statement, [seed])


def _is_parameter(context: FileContext, node: ast.expr) -> bool:
    """Whether a call is one of its function's parameters: what is handed on has its keys bound."""
    function = context.enclosing_function(node)
    if function is None or not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    arguments = function.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    return any(argument.arg == node.func.id for argument in every)


def _function_behind(context: FileContext, kind: Kind) -> Function | None:
    """The function or static method that a value is; other methods draw from their object."""
    if kind.tag == "method":
        key, _, name = kind.name.rpartition(".")
        facts = context.program.class_by_key(key)
        found = context.program.method(facts, name) if facts is not None else None
        return found[1] if found is not None and _is_static(found[1]) else None
    home, _, name = kind.name.partition(":")
    module = context.program.modules.get(home)
    return module.functions.get(name) if module is not None else None


def _bind_rngs(context: FileContext, node: ast.expr, source: ast.expr) -> None:
    """``functools.partial(function, rngs=rngs)`` for a function that is handed on."""
    context.imports.add("import functools")
    partial = ast.Attribute(ast.Name("functools", ast.Load()), "partial", ast.Load())
    plain = ast.parse(ast.unparse(node), mode="eval").body
    context.edits.replace(node, ast.Call(partial, [plain], [ast.keyword("rngs", source)]))


def _rngs() -> ast.Name:
    return ast.Name("rngs", ast.Load())


def _seed_argument(call: ast.Call, function: Function | None) -> ast.expr:
    """The seed that a call passes, or the default that it leaves."""
    if call.args:
        return call.args[0]
    if call.keywords:
        return call.keywords[0].value
    defaults = function.args.defaults if function is not None else []
    return ast.Constant(ast.literal_eval(defaults[0])) if defaults else ast.Constant(0)


def _seed(seed: ast.expr) -> ast.stmt:
    rngs = ast.Attribute(ast.Name("nnx", ast.Load()), "Rngs", ast.Load())
    return ast.Assign([ast.Name("rngs", ast.Store())], ast.Call(rngs, [seed], []))


def _top_statement(context: FileContext, node: ast.AST) -> ast.stmt:
    while not isinstance(context.edits.parents[node], ast.Module):
        node = context.edits.parents[node]
    assert isinstance(node, ast.stmt)
    return node
