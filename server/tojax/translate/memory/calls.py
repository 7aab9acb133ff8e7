"""Which memory the value of a call shows: views, containers, and what user code gives back."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tojax.source.facts import ClassFacts, Function, parameters
from tojax.source.kinds import is_array
from tojax.source.names import is_torch
from tojax.translate.changing_calls import mutated
from tojax.translate.memory.blocks import ANY, NOTHING, Blocks, Part
from tojax.translate.memory.layers import gives_argument
from tojax.translate.memory.views import PARTS, VIEWS

if TYPE_CHECKING:
    from tojax.translate.context import FileContext
    from tojax.translate.memory.values import Values

_OF_ITEMS = {
    "deque", "dict", "enumerate", "filter", "frozenset", "iter", "list", "next", "OrderedDict",
    "reversed", "set", "sorted", "tuple", "zip",
}  # fmt: skip
_STORING = {"add", "append", "appendleft", "insert", "setdefault"}
_STORING_ITEMS = {"extend", "extendleft", "update"}
_READING = {"copy", "get", "items", "pop", "popitem", "popleft", "setdefault", "values"}


def call_value(values: Values, context: FileContext, node: ast.Call) -> Blocks:
    changed = mutated(context, node)
    given = [values.of(argument) for argument in node.args]
    named = {k.arg: values.of(k.value) for k in node.keywords}
    if changed is not None:
        return values.of(changed)
    if "out" in named and context.name(node.func):
        return named["out"]
    name = context.name(node.func)
    first = given[0] if given else next(iter(named.values()), NOTHING)
    if name == "torch.nn.Module.state_dict" and isinstance(node.func, ast.Attribute):
        return _state(values, node, values.of(node.func.value))
    if name and is_torch(name) and not name.startswith("torch.Tensor."):
        is_view = name.rpartition(".")[2] in VIEWS
        return _cut(values, node, first) if is_view else _fresh_array(values, node)
    if context.kind(node.func).tag == "module":
        if gives_argument(context, node.func):
            return first
    targets = values.context.sharing.targets(context, node)
    if targets:
        return _user_call(values, node, targets, given, named)
    if isinstance(node.func, ast.Attribute):
        return _method(values, node, node.func, given, named)
    if isinstance(node.func, ast.Name) and node.func.id in _OF_ITEMS:
        return _container(values, node, given, named)
    return _fresh_array(values, node)


def _fresh_array(values: Values, node: ast.AST) -> Blocks:
    made = frozenset([values.fresh(node)])
    if values.context.kind(node).tag == "dict":
        values.state.keep(made, "[...]", NOTHING)  # its items are as new
    return made


def _state(values: Values, node: ast.Call, module: Blocks) -> Blocks:
    """A dict of a module's own arrays."""
    made = _fresh_array(values, node)
    values.state.keep(made, ANY, frozenset((*block, ANY) for block in module))
    return made


def _cut(values: Values, node: ast.Call, base: Blocks) -> Blocks:
    """A view; of ``x.chunk(2)`` each item is a part of its own."""
    last = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if last not in PARTS:
        return base
    part = Part(f"{node.lineno}:{node.col_offset}")
    return frozenset((*block, part) for block in base)


def _container(
    values: Values, node: ast.Call, given: list[Blocks], named: dict[str | None, Blocks]
) -> Blocks:
    made = frozenset([values.fresh(node)])
    for blocks in given:
        values.state.keep(made, ANY, values.items(blocks))
    for name, blocks in named.items():
        values.state.keep(made, f"['{name}']", blocks)
    return made


def _method(
    values: Values,
    node: ast.Call,
    func: ast.Attribute,
    given: list[Blocks],
    named: dict[str | None, Blocks],
) -> Blocks:
    base, kind = values.of(func.value), values.context.kind(func.value)
    if is_array(kind) or (kind.tag == "unknown" and func.attr in VIEWS):
        if func.attr not in VIEWS:
            return _fresh_array(values, node)
        return _cut(values, node, base)
    contents = [*given, *named.values()]
    if func.attr == "register_buffer" and len(contents) > 1 and node.args:
        item = ast.literal_eval(node.args[0]) if isinstance(node.args[0], ast.Constant) else ""
        values.state.keep(base, f".{item}" if item else ANY, contents[1])
    elif func.attr in _STORING:
        values.state.keep(base, ANY, frozenset().union(*contents))
    elif func.attr in _STORING_ITEMS:
        values.state.keep(base, ANY, frozenset().union(*map(values.items, contents)))
    if func.attr in ("values", "items", "copy"):
        return values.holding(node, [base]) | base
    return values.items(base) if func.attr in _READING else _fresh_array(values, node)


def _user_call(
    values: Values,
    node: ast.Call,
    targets: list[tuple[Function | ClassFacts, dict[str, ast.expr]]],
    given: list[Blocks],
    named: dict[str | None, Blocks],
) -> Blocks:
    """What user code may give back: something new, its arguments, or what it keeps of them."""
    passed: dict[ast.expr, Blocks] = dict(zip(node.args, given, strict=True))
    passed |= {k.value: named[k.arg] for k in node.keywords}
    made = _fresh_array(values, node)
    found: Blocks = made
    for target, arguments in targets:
        summary = values.context.sharing.summary(target)
        blocks = {
            name: passed[argument] if argument in passed else values.of(argument)
            for name, argument in arguments.items()
        }
        if isinstance(target, ClassFacts):
            blocks["self"] = made
        for item, name in summary.returned:
            if item:
                values.state.keep(made, item, blocks.get(name, NOTHING))
            elif name in blocks:
                found |= blocks[name]
            elif not isinstance(target, ClassFacts) and name not in _taken(target):
                found |= values.state.name(name)
        for holder, item, name in summary.kept:
            values.state.keep(blocks.get(holder, NOTHING), item, blocks.get(name, NOTHING))
    return found


def _taken(function: Function) -> set[str]:
    return {parameter.arg for parameter in parameters(function.args)}
