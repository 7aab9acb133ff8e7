"""Layers that change what they are given: ``out = self.relu(x)`` with ``nn.ReLU(inplace=True)``.

That shows only where the array is read again, as in ``x + self.relu(x)``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tojax.source.facts import Function, parameters
from tojax.translate.context import FileContext
from tojax.translate.passes.views import seen_elsewhere

_Owner = tuple[ast.ClassDef, str]


def inplace_layers(context: FileContext) -> None:
    """Bind what such a layer changes to its new value, where it is read again."""
    layers = dict(_layers(context))
    if not layers:
        return
    for function, calls in list(context.edits.calls.items()):
        owner = context.enclosing_class(function)
        if owner is None or not isinstance(function, Function):
            continue
        for call in calls:
            match call:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="self"), attr=attr),
                    args=[ast.Name(id=name)],
                ) if (owner, attr) in layers:
                    _call(context, function, call, name, whole=layers[owner, attr])


def _layers(context: FileContext) -> Iterator[tuple[_Owner, bool]]:
    """The attributes that hold such a layer, or (False) a sequence that begins with one."""
    for calls in list(context.edits.calls.values()):
        for call in calls:
            if not _is_inplace(context, call):
                continue
            made, place = call, context.edits.parents[call]
            if isinstance(place, ast.Call) and place.args[:1] == [call]:
                if context.name(place.func) != "torch.nn.Sequential":
                    continue
                made, place = place, context.edits.parents[place]
            owner = context.enclosing_class(call)
            match place:
                case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=attr)]):
                    if owner is not None:
                        yield (owner, attr), made is call


def _is_inplace(context: FileContext, call: ast.Call) -> bool:
    name = context.name(call.func)
    if not name.startswith("torch.nn.") or name.count(".") != 2:
        return False
    rule = context.index.functions.get(name)
    names = [p.arg for p in parameters(context.index.signature(rule))] if rule is not None else []
    if "inplace" not in names:
        return False
    given = [*call.args[names.index("inplace") :][:1]]
    given += [keyword.value for keyword in call.keywords if keyword.arg == "inplace"]
    return any(isinstance(value, ast.Constant) and value.value is True for value in given)


def _call(
    context: FileContext, function: Function, call: ast.Call, name: str, *, whole: bool
) -> None:
    statement = context.edits.statement_of(call)
    if other := seen_elsewhere(context, statement, name):
        _leave(context, call, f"changes '{other}' too, which is used again")
        return
    if _is_held(context, call, statement, name):
        _leave(context, call, f"changes '{name}' in place, which the same expression uses")
        return
    if not _is_read_again(context, function, call, statement, name):
        return
    if not whole:
        _leave(context, call, f"its first layer changes '{name}' in place, which is used again")
    elif call in context.edits.expressions or statement in context.edits.statements:
        _leave(context, call, f"changes '{name}' in place, which is used again")
    elif isinstance(statement, ast.Assign) and statement.value is call:
        targets = [*statement.targets, ast.Name(name, ast.Store())]
        context.edits.replace_statement(statement, [ast.Assign(targets, call)])
    elif isinstance(statement, ast.Expr) and statement.value is call:
        bound = ast.Assign([ast.Name(name, ast.Store())], call)
        context.edits.replace_statement(statement, [bound])
    else:
        again = ast.Call(call.func, call.args, call.keywords)
        context.edits.replace(call, ast.NamedExpr(ast.Name(name, ast.Store()), again))


def _leave(context: FileContext, call: ast.Call, reason: str) -> None:
    context.leave(call, "TJ203", "torch.nn.Module", f"works in place: {reason}")


def _is_held(context: FileContext, call: ast.Call, statement: ast.stmt, name: str) -> bool:
    """Whether an operand before a call is the array itself, as in ``x + self.relu(x)``."""
    parents, spans = context.edits.parents, context.edits.spans
    above: list[ast.AST] = [call]
    while above[-1] is not statement:
        above.append(parents[above[-1]])
    for use in ast.walk(statement):
        if isinstance(use, ast.Name) and use.id == name and isinstance(use.ctx, ast.Load):
            if use in spans and spans[use][0] < spans[call][0]:
                node = parents[use]
                while isinstance(node, ast.Tuple | ast.List | ast.Starred):
                    node = parents[node]
                if node in above and node is not statement:
                    return True
    return False


def _is_read_again(
    context: FileContext, function: Function, call: ast.Call, statement: ast.stmt, name: str
) -> bool:
    """Whether a name is read after a call, before it is surely bound to something else."""
    spans = context.edits.spans
    uses = [
        n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id == name and n in spans
    ]
    uses.sort(key=lambda use: spans[use])
    end = spans[call][1]
    inside = [use for use in uses if context.edits.statement_of(use) is statement]
    if any(isinstance(use.ctx, ast.Load) and spans[use][0] >= end for use in inside):
        return True
    if any(isinstance(use.ctx, ast.Store) for use in inside):
        return False
    later = [use for use in uses if spans[use][0] >= spans[statement][1]]
    around = _around(context, statement)
    loops = [node for node in around if isinstance(node, ast.For | ast.While)]
    start = spans[loops[-1]][0] if loops else end
    later += [use for use in uses if start <= spans[use][0] < spans[statement][0]]
    for use in later:
        where = context.edits.statement_of(use)
        if isinstance(use.ctx, ast.Load) or isinstance(where, ast.AugAssign):
            return True
        if any(
            isinstance(u.ctx, ast.Load) and context.edits.statement_of(u) is where for u in later
        ):
            return True
        if context.edits.parents[where] in around:
            return False
    return False


def _around(context: FileContext, statement: ast.stmt) -> list[ast.AST]:
    """What a statement is inside of, up to its function."""
    found: list[ast.AST] = []
    node: ast.AST = statement
    while not isinstance(node, Function):
        node = context.edits.parents[node]
        found.append(node)
    return found
