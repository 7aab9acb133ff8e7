"""Where keys start: ``torch.manual_seed``, also inside a function that only seeds."""

from __future__ import annotations

import ast

from tojax.source.facts import ClassFacts, Function
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.insertions import insert_after
from tojax.translate.rngs.call_graph import Call
from tojax.translate.rngs.units import Unit, unit_of


class Seeds:
    """The calls that seed, by the unit that they seed."""

    def __init__(self, contexts: list[FileContext], calls: list[Call]) -> None:
        self._calls = calls
        self._seeders: dict[ast.Call, Function | None] = {}
        self.by_unit: dict[Unit, list[tuple[FileContext, ast.Call]]] = {}
        for context in contexts:
            for node in context.edits.nodes(ast.Call):
                if context.name(node.func) == "torch.manual_seed":
                    self._add(context, node)

    def _add(self, context: FileContext, node: ast.Call) -> None:
        unit, function = unit_of(context, node)
        statement = context.edits.parents.get(node)
        if not isinstance(statement, ast.Expr) or not node.args or isinstance(unit, ClassFacts):
            return
        context.done.add(node)
        seeders = self._seeding_calls(node, function)
        if seeders:
            context.edits.replace_statement(statement, [])
            for caller_context, call in seeders:
                self._seeders[call] = function
                caller, _ = unit_of(caller_context, call)
                self.by_unit.setdefault(caller, []).append((caller_context, call))
        else:
            self.by_unit.setdefault(unit, []).append((context, node))

    def _seeding_calls(
        self, node: ast.Call, function: Function | None
    ) -> list[tuple[FileContext, ast.Call]]:
        """Calls of a function such as ``set_seed(seed)`` that only passes its argument on."""
        if function is None or not isinstance(node.args[0], ast.Name):
            return []
        names = [argument.arg for argument in function.args.args]
        if node.args[0].id not in names or any(
            isinstance(part, ast.Return) and part.value is not None for part in walk(function)
        ):
            return []
        calls = [call for call in self._calls if function in call.targets]
        if not all(isinstance(c.context.edits.statement_of(c.node), ast.Expr) for c in calls):
            return []
        return [(c.context, c.node) for c in calls if isinstance(c.node, ast.Call)]

    def write(self, unit: Unit, *, needed: bool) -> None:
        """Seed the keys of a unit where it seeds, or remove the seed of one that needs none."""
        for context, node in self.by_unit.get(unit, []):
            statement = context.edits.statement_of(node)
            is_torch = context.name(node.func) == "torch.manual_seed"
            if not needed:
                if is_torch:
                    context.edits.replace_statement(statement, [])
                continue
            context.imports.add("from flax import nnx")
            made = seed(_seed_argument(node, self._seeders.get(node)))
            if is_torch:
                context.edits.replace_statement(statement, [made])
            else:
                insert_after(context, statement, [made])


def seed(value: ast.expr) -> ast.stmt:
    """``rngs = nnx.Rngs(value)``."""
    rngs = ast.Attribute(ast.Name("nnx", ast.Load()), "Rngs", ast.Load())
    return ast.Assign([ast.Name("rngs", ast.Store())], ast.Call(rngs, [value], []))


def _seed_argument(call: ast.Call, function: Function | None) -> ast.expr:
    """The seed that a call passes, or the default that it leaves."""
    if call.args:
        return call.args[0]
    if call.keywords:
        return call.keywords[0].value
    defaults = function.args.defaults if function is not None else []
    return ast.Constant(ast.literal_eval(defaults[0])) if defaults else ast.Constant(0)
