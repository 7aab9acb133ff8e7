"""Writes the keys into the files: parameters, arguments, stores and seeds."""

from __future__ import annotations

import ast

from tojax.source.facts import ClassFacts, Function, ModuleFacts
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.edits import Verbatim
from tojax.translate.insertions import (
    add_field,
    add_keyword,
    add_parameter,
    insert_before,
    insert_first,
    insert_member,
    is_super_init,
)
from tojax.translate.rngs.call_graph import Call, calls_of
from tojax.translate.rngs.inner_keys import InnerKeys
from tojax.translate.rngs.layer_types import LayerTypes
from tojax.translate.rngs.needs import Needs
from tojax.translate.rngs.seeds import Seeds, seed
from tojax.translate.rngs.units import Unit, source_of, unit_of

_RESTARTING = """\
def __init__(self, *args, **kwargs):
    super().__init__(*args, **kwargs)
    self.reset_parameters()
"""


class RngThreading:
    """Propagates the need for keys through a program and writes it into the files."""

    def __init__(self, contexts: list[FileContext], layer_types: LayerTypes) -> None:
        self._contexts = {context.facts.name: context for context in contexts}
        self._calls = calls_of(contexts)
        self._calls += [
            Call(context, node, *unit_of(context, node), [], is_open=True)
            for context, node in layer_types.calls
        ]
        self._handed_on = layer_types.handed_on
        self._seeds = Seeds(contexts, self._calls)
        self._needs = Needs(contexts, self._calls, self._seeds.by_unit, self._handed_on)

    def run(self) -> None:
        """Find the units that need keys, then give each its parameter, store or seed."""
        self._needs.find()
        self._inner = InnerKeys([*self._contexts.values()], self._drawing())
        for context in self._contexts.values():
            for place, name in context.draws:
                context.edits.expressions[name] = self._source(context, place)
        self._pass_on()
        self._pass_to_bases()
        for unit in self._needs:
            self._provide(unit)
        for context in self._contexts.values():
            for facts in context.restarted - self._needs.stores.keys():
                insert_member(context, facts.node, _constructor(_RESTARTING))
        for unit in self._seeds.by_unit:
            self._seeds.write(unit, needed=unit in self._needs)

    def _drawing(self) -> set[Function]:
        """The methods that draw from the stream of their object, if anything is differentiated."""
        if not any(context.differentiated for context in self._contexts.values()):
            return set()
        places = [(c, place) for c in self._contexts.values() for place, _ in c.draws]
        places += [(c.context, c.node) for c in self._calls if self._needs.hands_keys(c)]
        found = [unit_of(*place) for place in places]
        return {
            function
            for unit, function in found
            if isinstance(unit, ClassFacts) and function is not None
            if function.name != "__init__"
        }

    def _source(self, context: FileContext, place: ast.AST) -> ast.expr:
        """The expression for the keys at an original node.

        Functions to differentiate, and the methods that they call, have streams of their own.
        """
        unit, function = unit_of(context, place)
        source = source_of(unit, function)
        text = ast.unparse(source)
        given = self._inner.name(function, text)
        if given:
            return ast.Name(given, ast.Load())
        current: ast.AST | None = place if context.differentiated else None
        while current is not None and current not in context.differentiated:
            current = context.edits.parents.get(current)
        made = context.differentiated[current] if current is not None else None
        if made is None or made.is_given(text):
            return source
        return ast.Name(made.stream(text), ast.Load())

    # handing on

    def _pass_on(self) -> None:
        for call in self._calls:
            if self._needs.hands_keys(call):
                source = self._source(call.context, call.node)
                if isinstance(call.node, ast.Call):
                    add_keyword(call.context.edits, call.node, f"rngs={ast.unparse(source)}")
                else:
                    _bind_rngs(call.context, call.node, source)

    def _pass_to_bases(self) -> None:
        """``super().__init__(…)`` hands the keys to a base class that needs them, as does
        ``Base.__init__(self, …)``."""
        for facts in self._needs:
            if not isinstance(facts, ClassFacts) or "__init__" not in facts.methods:
                continue
            context = self._context_of(facts)
            bases = [b for b in context.program.base_classes(facts) if b is not facts]
            needy = [base for base in bases if base in self._needs]
            for node in walk(facts.methods["__init__"]) if needy else []:
                if isinstance(node, ast.Call) and (
                    is_super_init(node) or _constructed_base(context, node) in needy
                ):
                    add_keyword(context.edits, node, "rngs=rngs")

    # receiving

    def _provide(self, unit: Unit) -> None:
        if isinstance(unit, ClassFacts):
            self._give_class(unit)
        elif self._needs.starts_keys(unit):
            return
        elif isinstance(unit, ModuleFacts):
            self._seed_module(unit)
        else:
            self._give_function(unit)

    def _give_function(self, function: Function) -> None:
        context = next(c for c in self._contexts.values() if function in c.edits.spans)
        if self._needs.is_main(function):
            context.imports.add("from flax import nnx")
            insert_first(context, function, [seed(ast.Constant(0))])
        else:
            add_parameter(context, function)

    def _give_class(self, facts: ClassFacts) -> None:
        context = self._context_of(facts)
        constructor = facts.methods.get("__init__")
        stores = facts in self._needs.stores
        if constructor is None and stores and _is_dataclass(facts):
            context.imports |= {"from flax import nnx", "import dataclasses"}
            add_field(context, facts.node, "rngs: nnx.Rngs = dataclasses.field(kw_only=True)")
        elif constructor is not None:
            add_parameter(context, constructor)
            if stores:
                self_name = constructor.args.args[0].arg
                place = ast.Attribute(ast.Name(self_name, ast.Store()), "rngs", ast.Store())
                store = ast.Assign([place], ast.Name("rngs", ast.Load()))
                insert_first(context, constructor, [store])
        elif (stores or facts in self._handed_on) and not self._has_constructor(
            facts, stores=stores
        ):
            context.imports.add("from flax import nnx")
            text = self._constructor_text(facts, stores=stores)
            if facts in context.restarted:
                text += "\n    self.reset_parameters()"
            insert_member(context, facts.node, _constructor(text))

    def _has_constructor(self, facts: ClassFacts, *, stores: bool) -> bool:
        """Whether a class that needs keys has, or inherits, a constructor that does with them."""
        context = self._context_of(facts)
        if facts in context.restarted:
            return not stores
        if context.program.method(facts, "__init__") is not None:
            return True
        return bool(self._layer_bases(facts)) and not stores

    def _layer_bases(self, facts: ClassFacts) -> list[ast.arguments]:
        """The parameters of the library's layers that a class derives from."""
        context = self._context_of(facts)
        layers = [context.index.base(base) for base in context.program.torch_bases(facts)]
        return [context.index.signature(layer) for layer in layers if layer is not None]

    def _constructor_text(self, facts: ClassFacts, *, stores: bool) -> str:
        if not stores:
            return "def __init__(self, *, rngs: nnx.Rngs):\n    pass"
        bases = self._layer_bases(facts)
        if not bases:
            return "def __init__(self, *, rngs: nnx.Rngs):\n    self.rngs = rngs"
        draws = any(argument.arg == "rngs" for base in bases for argument in base.kwonlyargs)
        return (
            "def __init__(self, *args, rngs: nnx.Rngs, **kwargs):\n"
            f"    super().__init__(*args, {'rngs=rngs, ' if draws else ''}**kwargs)\n"
            "    self.rngs = rngs"
        )

    def _seed_module(self, module: ModuleFacts) -> None:
        """Start the keys of a script before the first statement that needs them."""
        context = self._contexts[module.name]
        places = [place for place, _ in context.draws]
        places += [
            call.node
            for call in self._calls
            if call.context is context and self._needs.hands_keys(call)
        ]
        top = [
            _top_statement(context, place)
            for place in places
            if unit_of(context, place)[0] is module
        ]
        first = min(top, key=lambda statement: context.edits.spans[statement][0])
        context.imports.add("from flax import nnx")
        guarded = isinstance(first, ast.If) and "__name__" in ast.unparse(first.test)
        target = first.body[0] if guarded and isinstance(first, ast.If) else first
        is_definition = isinstance(target, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        blank: list[ast.stmt] = [Verbatim(""), Verbatim("")] if is_definition else []
        insert_before(context, target, [seed(ast.Constant(0)), *blank])

    def _context_of(self, unit: ClassFacts) -> FileContext:
        return self._contexts[unit.module.name]


def _is_dataclass(facts: ClassFacts) -> bool:
    """Whether the constructor is made from the fields."""
    names = [
        ast.unparse(d.func if isinstance(d, ast.Call) else d) for d in facts.node.decorator_list
    ]
    return any(name in ("dataclass", "dataclasses.dataclass") for name in names)


def _constructed_base(context: FileContext, call: ast.Call) -> ClassFacts | None:
    """The class of the user's in ``Base.__init__(self, …)``."""
    match call.func:
        case ast.Attribute(value=base, attr="__init__"):
            kind = context.kind(base)
            return context.program.class_of(kind) if kind.tag == "class" else None
    return None


def _constructor(text: str) -> ast.FunctionDef:
    member = ast.parse(text).body[0]
    assert isinstance(member, ast.FunctionDef)
    return member


def _bind_rngs(context: FileContext, node: ast.expr, source: ast.expr) -> None:
    """``functools.partial(function, rngs=rngs)`` for a function that is handed on."""
    context.imports.add("import functools")
    partial = ast.Attribute(ast.Name("functools", ast.Load()), "partial", ast.Load())
    plain = ast.parse(ast.unparse(node), mode="eval").body
    context.edits.replace(node, ast.Call(partial, [plain], [ast.keyword("rngs", source)]))


def _top_statement(context: FileContext, node: ast.AST) -> ast.stmt:
    while not isinstance(context.edits.parents[node], ast.Module):
        node = context.edits.parents[node]
    assert isinstance(node, ast.stmt)
    return node
