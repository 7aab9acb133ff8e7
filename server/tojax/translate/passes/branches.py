"""Branches on values of arrays: ``jax.lax.cond`` where both sides provably have the same form.

The rest stays as it is, which is right but cannot be compiled; the pitfall TJ112 says so. Loops
stay too: `jax.lax.while_loop` has no reverse-mode derivative, which PyTorch's loops have.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cached_property

from tojax.source.facts import Function
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.same_form import SameForm


def branches(context: FileContext) -> None:
    """Rewrite ``if x.mean() > 0: x = x * 2`` in layers, and in functions that return something."""
    found: dict[Function, _Branches] = {}
    for node in context.edits.nodes(ast.If, ast.IfExp):
        if _asks(node.test):
            function = context.enclosing_function(node)
            if function is not None and function not in found and _is_meant(context, function):
                found[function] = _Branches(context, function)
            if function in found:
                found[function].rewrite(node)


def _asks(test: ast.expr) -> bool:
    """Whether a test calls anything, as one of an array's values does."""
    return any(isinstance(part, ast.Call) for part in walk(test))


def _is_meant(context: FileContext, function: Function) -> bool:
    owner = context.enclosing_class(function)
    if owner is None:
        return any(isinstance(part, ast.Return) and part.value for part in walk(function))
    facts = context.facts.class_of.get(owner)
    return facts is not None and context.program.is_layer(facts)


class _Branches:
    """The branches of one function."""

    def __init__(self, context: FileContext, function: Function) -> None:
        self._context = context
        self._function = function
        self._made: dict[ast.expr, str] = {}

    @cached_property
    def _forms(self) -> SameForm:
        return SameForm(self._context, self._function)

    def rewrite(self, node: ast.If | ast.IfExp) -> None:
        """Rewrite one branch, if it can be."""
        edits = self._context.edits
        if isinstance(node, ast.IfExp):
            made = self._cond(node.test, [node.body, node.orelse])
            if made is not None:
                edits.replace(node, made)
        elif not self._is_elif(node) and not any(p in edits.statements for p in walk(node)):
            match node.body, node.orelse:
                case [ast.Assign(targets=[ast.Name(id=name)])], _:
                    made = self._assigned(node, name)
                    if made is not None:
                        target = ast.Name(name, ast.Store())
                        edits.replace_statement(node, [ast.Assign([target], made)])
                case [ast.Return(value=ast.expr() as value)], [] | [ast.Return()]:
                    self._returned(node, value)

    def _is_elif(self, node: ast.If) -> bool:
        parent = self._context.edits.parents[node]
        return isinstance(parent, ast.If) and parent.orelse == [node]

    def _assigned(self, node: ast.If, name: str) -> ast.expr | None:
        """The value of ``name`` after a statement that does nothing else."""
        sides: list[ast.expr] = []
        for body in (node.body, node.orelse):
            match body:
                case []:
                    sides.append(ast.Name(name, ast.Load()))
                case [ast.Assign(targets=[ast.Name(id=target)], value=value)] if target == name:
                    sides.append(value)
                case [ast.If() as inner]:
                    made = self._assigned(inner, name)
                    if made is None:
                        return None
                    sides.append(made)
                case _:
                    return None
        return self._cond(node.test, sides)

    def _returned(self, node: ast.If, value: ast.expr) -> None:
        """``if test: return a`` with another return in the other case."""
        following = node.orelse or self._after(node)[:1]
        match following:
            case [ast.Return(value=ast.expr() as other) as last]:
                made = self._cond(node.test, [value, other])
                if made is not None:
                    self._context.edits.replace_statement(node, [ast.Return(made)])
                    if not node.orelse:
                        self._context.edits.remove_statement(last)

    def _after(self, node: ast.If) -> Sequence[ast.stmt]:
        parent = self._context.edits.parents[node]
        for field in ("body", "orelse", "finalbody"):
            block = getattr(parent, field, [])
            if isinstance(block, list) and node in block:
                return block[block.index(node) + 1 :]
        return []

    def _cond(self, test: ast.expr, sides: list[ast.expr]) -> ast.expr | None:
        """The choice between two values of one form, None if it cannot be made."""
        name = self._form_of(test, sides) if self._forms.is_one_number(test) else None
        if name is None:
            return None
        for part in walk(test):
            if isinstance(part, ast.Call) and self._context.name(part.func) == "torch.Tensor.item":
                assert isinstance(part.func, ast.Attribute)
                self._context.edits.replace(part, part.func.value)
                self._context.done.update({part, part.func})
        while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test, sides = test.operand, sides[::-1]
        self._context.imports.add("import jax")
        lax = ast.Attribute(ast.Name("jax", ast.Load()), "lax", ast.Load())
        nothing = ast.arguments([], [], None, [], [], None, [])
        values: list[ast.expr] = [ast.Lambda(nothing, side) for side in sides]
        made = ast.Call(ast.Attribute(lax, "cond", ast.Load()), [test, *values], [])
        self._made[made] = name
        return made

    def _form_of(self, test: ast.expr, sides: list[ast.expr]) -> str | None:
        """The name whose form both values have."""
        names = [self._made[side] for side in sides if side in self._made]
        names += [n.id for side in sides for n in walk(side) if isinstance(n, ast.Name)]
        for name in dict.fromkeys(names):
            if self._forms.is_floating(name, test) and all(
                self._made.get(side) == name or self._forms.keeps(side, name) for side in sides
            ):
                return name
        return None
