"""What functions change in place: ``trunc_normal_(self.weight)``, ``F.batch_norm(x, self.mean)``.

A variable of a module is handed over itself, so that the function can write to it. An array is
bound again to what the function returns, where that is the changed array.
"""

from __future__ import annotations

import ast
from functools import cache

from tojax.rules.index import RuleIndex
from tojax.source.facts import ClassFacts, Function, parameters
from tojax.source.kinds import is_array
from tojax.translate.context import FileContext
from tojax.translate.passes.rebinding import assign, owner_of
from tojax.translate.passes.views import lost_write, used_after

_VARIABLES = ("parameter", "buffer")


def written_arguments(context: FileContext) -> None:
    """Let changes that a callee makes to its arguments reach the caller, or report them."""
    for node in list(context.edits.parents):
        if isinstance(node, ast.Call) and context.name(node.func):
            _torch_call(context, node)
        elif isinstance(node, ast.Call):
            _call(context, node)
        elif isinstance(node, ast.For):
            _loop(context, node)
        elif isinstance(node, ast.Assign):
            _second_name(context, node)


def _owner(context: FileContext, node: ast.AST) -> ClassFacts | None:
    """The class whose method a node is in."""
    holder = context.enclosing_class(node)
    return context.facts.class_of.get(holder) if holder is not None else None


def _call(context: FileContext, call: ast.Call) -> None:
    inference = context.inference
    owner = _owner(context, call)
    nested = None
    if isinstance(call.func, ast.Name):
        reached = inference.callees.get(call, [])
        nested = next((f for f in reached if not isinstance(f, ClassFacts)), None)
    for argument, function, name in inference.writes.arguments(context.facts, call, owner, nested):
        target = owner_of(context, argument)
        is_variable = context.kind(target).tag in _VARIABLES
        if is_variable and inference.records.from_calls(function, name).tag in _VARIABLES:
            _hand_over(context, argument, target)
        elif is_array(context.kind(target)):
            _take_back(context, call, target, function, name)


def _torch_call(context: FileContext, call: ast.Call) -> None:
    """Give variables to a rule that writes to them."""
    written = _written_by(context.index, context.name(call.func))
    if written:
        given = [argument for argument, name in zip(call.args, written, strict=False) if name]
        given += [keyword.value for keyword in call.keywords if keyword.arg in written]
        for argument in given:
            for value in _choices(argument):
                if context.kind(value).tag in _VARIABLES:
                    _hand_over(context, value, value)


@cache
def _written_by(index: RuleIndex, name: str) -> tuple[str, ...]:
    """The parameters of a rule, in order: the names of those that it annotates as variables."""
    rule = index.functions.get(name)
    taken = index.signature(rule).args if rule is not None else []
    written = tuple(p.arg if p.annotation and _is_variable(p.annotation) else "" for p in taken)
    return written if any(written) else ()


def _is_variable(annotation: ast.expr) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr == "Variable" for n in ast.walk(annotation))


def _choices(node: ast.expr) -> list[ast.expr]:
    """The values of which an expression is one: ``self.mean if self.training else None``."""
    if isinstance(node, ast.IfExp):
        return [*_choices(node.body), *_choices(node.orelse)]
    return [node]


def _hand_over(context: FileContext, argument: ast.expr, variable: ast.expr) -> None:
    """Give the variable, not its value."""
    context.done.update({argument, variable})
    if variable is not argument:
        context.edits.replace(argument, variable)


def _loop(context: FileContext, loop: ast.For) -> None:
    """A loop over the variables themselves: ``for w in (self.w1, self.w2)``."""
    if isinstance(loop.iter, ast.Tuple | ast.List):
        kinds = [context.kind(item).tag for item in loop.iter.elts]
        if all(tag in _VARIABLES for tag in kinds):
            context.done.update(loop.iter.elts)


def _second_name(context: FileContext, node: ast.Assign) -> None:
    """``k = self.k``: where ``k`` is written to it names the variable, else it is the value."""
    function = context.enclosing_function(node)
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name() | ast.Attribute() as value):
            if function is None or context.kind(value).tag not in _VARIABLES:
                return
            writes = context.inference.writes
            uses = [p for p in ast.walk(function) if isinstance(p, ast.Name) and p.id == name]
            is_variable = [context.kind(use).tag in _VARIABLES for use in uses]
            if name not in writes.names(context.facts, function, _owner(context, node)):
                if not _is_bound_otherwise(function, name):
                    context.done.update(uses)
            elif all(is_variable):
                context.done.add(value)


def _is_bound_otherwise(function: Function, name: str) -> bool:
    """Whether a name is a parameter too, or what a loop gives: it may be a variable there."""
    targets = [n.target for n in ast.walk(function) if isinstance(n, ast.For | ast.comprehension)]
    looped = {p.id for t in targets for p in ast.walk(t) if isinstance(p, ast.Name)}
    return name in looped or name in {parameter.arg for parameter in parameters(function.args)}


def _take_back(
    context: FileContext, call: ast.Call, target: ast.expr, function: Function, name: str
) -> None:
    statement = context.edits.statement_of(call)
    changed = f"{function.name} changes '{ast.unparse(target)}' in place"
    lost = f"{changed}; let it return the new value, and bind that"
    if isinstance(statement, ast.Expr) and statement.value is call:
        lost = lost_write(context, statement, target) or lost
        is_returned = context.handed_back.get(function) == name or _returns_only(function, name)
        made = assign(context, target, call) if is_returned else None
        if made is not None and not lost_write(context, statement, target):
            context.edits.replace_statement(statement, [made])
        elif _root(target):
            context.leave(statement, "TJ203", function.name, lost)
    elif _is_read_later(context, statement, _root(target)):
        context.leave(call, "TJ203", function.name, lost)


def _returns_only(function: Function, name: str) -> bool:
    """Whether every ``return`` of a function gives the parameter ``name`` back."""
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
    return bool(returned) and all(
        isinstance(value, ast.Name) and value.id == name for value in returned
    )


def _root(target: ast.expr) -> str:
    """The local name behind an array; what no name holds nobody can read later."""
    while isinstance(target, ast.Subscript | ast.Attribute):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


def _is_read_later(context: FileContext, statement: ast.stmt, name: str) -> bool:
    function = context.enclosing_function(statement)
    rebinds = isinstance(statement, ast.Assign) and any(
        isinstance(part, ast.Name) and part.id == name
        for target in statement.targets
        for part in ast.walk(target)
    )
    if not name or rebinds or function is None:
        return False
    return name == "self" or used_after(context, function, name, statement)
