"""Which memory the value of an expression shows or holds."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tojax.source.kinds import is_array
from tojax.source.trees import children, walk
from tojax.translate.memory.blocks import ANY, NOTHING, Block, Blocks, Part, State, part_of
from tojax.translate.memory.calls import call_value
from tojax.translate.memory.views import (
    VIEWS,
    index_part,
    is_basic,
    is_loader,
    is_of_array,
    item_of,
)

if TYPE_CHECKING:
    from tojax.translate.context import FileContext

_FACTS = {"device", "dtype", "is_cuda", "ndim", "requires_grad", "shape", "training"}


class Values:
    """Evaluates expressions of a file; ``state`` is what is known where they stand."""

    def __init__(self, context: FileContext, state: State) -> None:
        self.context = context
        self.state = state
        self.made: set[str | Part] = set()

    def of(self, node: ast.expr | None) -> Blocks:
        """The blocks that the value of an expression shows, or that it is as a container."""
        match node:
            case None:
                return NOTHING
            case ast.Name(id=name):
                return self.state.name(name)
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                self.state.names[name] = self.of(value)
                return self.state.names[name]
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.of(test)
                return self.of(body) | self.of(orelse)
            case ast.BoolOp(values=values):
                return frozenset().union(*map(self.of, values))
            case ast.Starred(value=value) | ast.Await(value=value):
                return self.of(value)
            case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
                return self._display(node, items)
            case ast.Dict():
                return self._dict(node)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self._comprehension(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Subscript():
                return self._subscript(node)
            case ast.Call():
                return call_value(self, self.context, node)
            case ast.Constant() | ast.Lambda():
                return NOTHING
        parts = [part for part in children(node) if isinstance(part, ast.expr)]
        return self.holding(node, [self.of(part) for part in parts])

    def given_by(self, iterable: ast.expr) -> Blocks:
        """What a loop takes from a value."""
        items = self.items(self.of(iterable))
        if is_loader(self.context, iterable):
            return frozenset([self.fresh(iterable)])
        taken = Part(f"{iterable.lineno}:{iterable.col_offset}", "now")
        self.made.add(taken)
        return frozenset((*block, taken) for block in items)

    def bind_each(self, target: ast.expr, iterable: ast.expr) -> None:
        """Bind the target of a loop to what it takes from a value."""
        match target, iterable:
            case (
                ast.Tuple(elts=targets),
                ast.Call(func=ast.Name(id="zip"), args=iterables, keywords=[]),
            ) if len(targets) == len(iterables) and not _is_starred((*targets, *iterables)):
                for pair in zip(targets, iterables, strict=True):
                    self.bind_each(*pair)
            case _:
                self.bind(target, self.given_by(iterable))

    def bind(self, target: ast.expr, blocks: Blocks) -> None:
        """Bind a target to what a value shows."""
        match target:
            case ast.Name(id=name):
                self.state.names[name] = blocks
            case ast.Starred(value=inner):
                self.bind(inner, self.holding(target, [blocks]))
            case ast.Tuple(elts=items) | ast.List(elts=items):
                is_starred = _is_starred(items)
                for number, item in enumerate(items):
                    self.bind(item, self.items(blocks, ANY if is_starred else f"[{number}]"))
            case ast.Attribute(value=base, attr=attr):
                self.state.keep(self.of(base), f".{attr}", blocks, surely=True)
            case ast.Subscript(value=base, slice=index) if not is_array(self.context.kind(base)):
                field = item_of(index)
                self.state.keep(self.of(base), field, blocks, surely=field != ANY)

    def items(self, blocks: Iterable[Block], item: str = ANY) -> Blocks:
        """What iteration over a value gives, or its item; rows of an array are views of it."""
        found: set[Block] = set()
        for block in blocks:
            if self._is_container(block):
                found.update(self.state.read([block], item))
            else:
                found.add(part_of(block, item))
        return frozenset(found)

    def extend(self, blocks: Blocks, added: Blocks) -> None:
        """``xs += added``: a container holds the items too; an array stays what it is."""
        held = [(block, self.items([block])) for block in added if self._is_container(block)]
        for _, contents in held:
            self.state.keep(blocks, ANY, contents)

    def _is_container(self, block: Block) -> bool:
        return any(owner == block for owner, _ in self.state.fields)

    def slots(self, target: ast.expr) -> frozenset[tuple[Block, str]]:
        """The fields in which ``xs[0]`` or ``self.k`` may stand; any item of a list is another."""
        wider: frozenset[tuple[Block, str]] = frozenset()
        match target:
            case ast.Attribute(value=base, attr=attr):
                item = f".{attr}"
            case ast.Subscript(value=base, slice=index) if not is_array(self.context.kind(base)):
                item, wider = item_of(index), self.slots(base)
            case _:
                return wider
        blocks = self.of(base)
        known = [name for owner, name in self.state.fields if owner in blocks]
        items = [name for name in known if name.startswith("[")] if item == ANY else []
        return wider | {(block, name) for block in blocks for name in (item, ANY, *items)}

    def fresh(self, node: ast.AST) -> Block:
        place = f"{getattr(node, 'lineno', 0)}:{getattr(node, 'col_offset', 0)}"
        site = f"{place}:{type(node).__name__}"
        self.made.add(site)
        return (site,)

    def holding(self, node: ast.AST, parts: Iterable[Blocks]) -> Blocks:
        """Something new, which holds what the items of ``parts`` are if these are containers."""
        parts = list(parts)
        made = frozenset([self.fresh(node)])
        held: Blocks = frozenset().union(
            *(c for blocks in parts for (o, _), c in self.state.fields.items() if o in blocks)
        )
        if held:
            self.state.keep(made, ANY, held)
        return made

    def _display(self, node: ast.expr, items: list[ast.expr]) -> Blocks:
        contents = [self.of(item) for item in items]
        made = frozenset([self.fresh(node)])
        self.state.keep(made, "[...]", NOTHING)  # it has fields, even if it is empty
        for number, (item, blocks) in enumerate(zip(items, contents, strict=True)):
            if isinstance(item, ast.Starred):
                self.state.keep(made, ANY, self.items(blocks))
            else:
                self.state.keep(made, f"[{number}]", blocks)
        return made

    def _dict(self, node: ast.Dict) -> Blocks:
        contents = [
            (key, self.of(value)) for key, value in zip(node.keys, node.values, strict=True)
        ]
        made = frozenset([self.fresh(node)])
        self.state.keep(made, "[...]", NOTHING)
        for key, blocks in contents:
            if key is None:
                self.state.keep(made, ANY, self.items(blocks))
            else:
                self.state.keep(made, item_of(key), blocks)
        return made

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> Blocks:
        outer = dict(self.state.names)
        for generator in node.generators:
            self.bind_each(generator.target, generator.iter)
        value = self.of(node.value if isinstance(node, ast.DictComp) else node.elt)
        for generator in node.generators:
            for part in walk(generator.target):
                if isinstance(part, ast.Name):
                    self.state.names.pop(part.id, None)
                    if part.id in outer:
                        self.state.names[part.id] = outer[part.id]
        made = frozenset([self.fresh(node)])
        self.state.keep(made, ANY, value)
        return made

    def _attribute(self, node: ast.Attribute) -> Blocks:
        base = self.of(node.value)
        kind = self.context.kind(node.value)
        if node.attr in _FACTS:
            return NOTHING
        if is_array(kind):
            return base if node.attr in VIEWS else NOTHING
        if kind.tag == "unknown" and node.attr in ("T", "mT", "data"):
            return base
        return frozenset(self.state.read(base, f".{node.attr}"))

    def _subscript(self, node: ast.Subscript) -> Blocks:
        base, kind = self.of(node.value), self.context.kind(node.value)
        self.of(node.slice)
        if is_of_array(self.context, node):
            if not is_basic(self.context, node.slice):
                return frozenset([self.fresh(node)])
            part = index_part(node.slice)
            return frozenset((*block, part) for block in base)
        if isinstance(node.slice, ast.Slice):
            return self.holding(node, [base]) | base
        is_key = isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)
        if is_key or kind.tag in ("list", "tuple", "dict"):
            item = item_of(node.slice)
            known = self.items(base, item)
            return known - base or frozenset(self.state.read(base, item))
        return self.items(base, item_of(node.slice))


def _is_starred(nodes: Iterable[ast.expr]) -> bool:
    return any(isinstance(node, ast.Starred) for node in nodes)
