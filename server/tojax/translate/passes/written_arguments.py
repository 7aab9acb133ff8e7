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
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.passes.rebinding import assign, owner_of
from tojax.translate.passes.views import lost_write, seen_elsewhere

_VARIABLES = ("parameter", "buffer")


def written_arguments(context: FileContext) -> None:
    """Let changes that a callee makes to its arguments reach the caller, or report them."""
    for node in context.edits.nodes(ast.Call, ast.For, ast.Assign):
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
    by_name = list(inference.writes.arguments(context.facts, call, owner, nested))
    known = {argument for argument, *_ in by_name}
    for argument, function, name in by_name:
        target = owner_of(context, argument)
        is_variable = context.kind(target).tag in _VARIABLES
        if is_variable and inference.records.from_calls(function, name).tag in _VARIABLES:
            _hand_over(context, argument, target)
        elif is_array(context.kind(target)) and _changes(context, function, name):
            _take_back(context, call, target, function, name)
    if call not in context.unresolved:  # else a layer that works in place
        for change in context.sharing.changed(context, call):
            if change.argument not in known and not change.guard:
                _other(context, call, change.argument, change.function, change.parameter)


def _other(
    context: FileContext, call: ast.Call, argument: ast.expr, function: Function, name: str
) -> None:
    """What a callee changes through another name, or as an attribute of what it is given."""
    target = owner_of(context, argument)
    if argument in context.edits.parents:
        if is_array(context.kind(target)):
            _take_back(context, call, target, function, name)
    elif reason := seen_elsewhere(context, context.edits.statement_of(call), argument, call):
        context.leave(call, "TJ203", function.name, f"{function.name} changes an array: {reason}")


def _changes(context: FileContext, function: Function, name: str) -> bool:
    """Whether a function changes an array, rather than just keep it as an attribute."""
    is_written = any(name == n for n, _ in context.sharing.summary(function).written)
    return is_written or context.handed_back.get(function) == name


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
    return any(isinstance(n, ast.Attribute) and n.attr == "Variable" for n in walk(annotation))


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
        case ast.Assign(
            targets=[ast.Name(id=name)],
            value=ast.Name() | ast.Attribute() | ast.Call(func=ast.Name(id="getattr")) as value,
        ):
            if function is None or context.kind(value).tag not in _VARIABLES:
                return
            writes = context.inference.writes
            uses = [p for p in walk(function) if isinstance(p, ast.Name) and p.id == name]
            is_variable = [context.kind(use).tag in _VARIABLES for use in uses]
            if name not in writes.names(context.facts, function, _owner(context, node)):
                if not _is_bound_otherwise(function, name):
                    context.done.update(uses)
            elif all(is_variable):
                context.done.add(value)


def _is_bound_otherwise(function: Function, name: str) -> bool:
    """Whether a name is a parameter too, or what a loop gives: it may be a variable there."""
    targets = [n.target for n in walk(function) if isinstance(n, ast.For | ast.comprehension)]
    looped = {p.id for t in targets for p in walk(t) if isinstance(p, ast.Name)}
    return name in looped or name in {parameter.arg for parameter in parameters(function.args)}


def _take_back(
    context: FileContext, call: ast.Call, target: ast.expr, function: Function, name: str
) -> None:
    statement = context.edits.statement_of(call)
    changed = f"{function.name} changes '{ast.unparse(target)}' in place"
    lost = f"{changed}; let it return the new value, and bind that"
    if not (isinstance(statement, ast.Expr) and statement.value is call):
        if _is_read_later(context, call, target):
            context.leave(call, "TJ203", function.name, lost)
        return
    if not _root(target):
        if _is_read_later(context, call, target):
            context.leave(statement, "TJ203", function.name, lost)
        return
    reason = lost_write(context, statement, target)
    is_returned = context.handed_back.get(function) == name or (
        _returns_only(function, name) and context.sharing.is_argument_throughout(function, name)
    )
    made = assign(context, target, call) if is_returned and not reason else None
    if made is not None:
        context.edits.replace_statement(statement, [made])
    else:
        context.leave(statement, "TJ203", function.name, reason or lost)


def _returns_only(function: Function, name: str) -> bool:
    """Whether every ``return`` of a function gives the parameter ``name`` back."""
    returned = [node.value for node in walk(function) if isinstance(node, ast.Return)]
    return bool(returned) and all(
        isinstance(value, ast.Name) and value.id == name for value in returned
    )


def _root(target: ast.expr) -> str:
    """The local name behind an array; what no name holds nobody can read later."""
    while isinstance(target, ast.Subscript | ast.Attribute):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


def _is_read_later(context: FileContext, call: ast.Call, target: ast.expr) -> bool:
    """Whether anything sees that a call changes ``target``, but for what the call is bound to."""
    statement = context.edits.statement_of(call)
    root = _root(target)
    if root == "self":
        return True
    rebinds = isinstance(statement, ast.Assign) and any(
        isinstance(part, ast.Name) and part.id == root
        for target in statement.targets
        for part in walk(target)
    )
    return bool(seen_elsewhere(context, statement, target, call, is_bound=rebinds))
