"""Layers that change what they are given: ``out = self.relu(x)`` with ``nn.ReLU(inplace=True)``.

That shows only where the array is read again, as in ``x + self.relu(x)``.
"""

from __future__ import annotations

import ast

from tojax.source.facts import Function
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.insertions import insert_before
from tojax.translate.memory.layers import changes_argument, is_one_inplace, rectifies_argument
from tojax.translate.passes.dataflow import reads
from tojax.translate.passes.views import is_held, seen_elsewhere, taken_before

_AT_ONCE = ast.BinOp | ast.Call | ast.Tuple | ast.keyword
"""Expressions that evaluate all their parts, each once."""


def inplace_layers(context: FileContext) -> None:
    """Bind what such a layer changes to its new value, where it is read again."""
    for node in context.edits.nodes(ast.Call):
        if node.args and context.kind(node.func).tag == "module":
            if node in context.edits.spans and changes_argument(context, node.func):
                _call(context, node, node.args[0])


def _call(context: FileContext, call: ast.Call, target: ast.expr) -> None:
    statement = context.edits.statement_of(call)
    function = context.enclosing_function(call)
    name = target.id if isinstance(target, ast.Name) else ""
    if reason := seen_elsewhere(context, statement, target, call, is_bound=bool(name)):
        _leave(context, call, reason)
        return
    held = is_held(context, call, target)
    if held and _is_rectified_before(context, call, statement, target):
        return
    if held:
        shown = ast.unparse(target)
        _leave(context, call, f"changes '{shown}' in place, which the same expression uses")
        return
    if not name or function is None:
        return
    if not _is_read_again(context, function, call, statement, name):
        return
    if not is_one_inplace(context, call.func):
        if _is_rectified_before(context, call, statement, target):
            return
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


def _is_rectified_before(
    context: FileContext, call: ast.Call, statement: ast.stmt, target: ast.expr
) -> bool:
    """Bind ``x = jax.nn.relu(x)`` above ``x + self.block(x)``, whose first layer does that to it.

    The layer then does it again, which changes nothing. Not where something is computed of the
    old ``x`` in the same statement, or where the call may not be reached.
    """
    if not isinstance(target, ast.Name) or not rectifies_argument(context, call.func):
        return False
    if not isinstance(statement, ast.Assign | ast.Expr | ast.Return):
        return False
    node = context.edits.parents[call]
    while node is not statement:
        if not isinstance(node, _AT_ONCE):
            return False
        node = context.edits.parents[node]
    taken = [p for p in taken_before(context, call, statement) if not isinstance(p, ast.Name)]
    if call.keywords or len(call.args) > 1 or any(target.id in reads(part) for part in taken):
        return False
    context.imports.add("import jax")
    relu = ast.parse("jax.nn.relu", mode="eval").body
    value = ast.Call(relu, [ast.Name(target.id, ast.Load())], [])
    insert_before(context, statement, [ast.Assign([ast.Name(target.id, ast.Store())], value)])
    return True


def _leave(context: FileContext, call: ast.Call, reason: str) -> None:
    context.leave(call, "TJ203", "torch.nn.Module", f"works in place: {reason}")


def _is_read_again(
    context: FileContext, function: Function, call: ast.Call, statement: ast.stmt, name: str
) -> bool:
    """Whether a name is read after a call, before it is surely bound to something else."""
    spans = context.edits.spans
    uses = [n for n in walk(function) if isinstance(n, ast.Name) and n.id == name and n in spans]
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
