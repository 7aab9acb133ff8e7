"""Writes that JAX would lose: what else shows the memory keeps its old value."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tojax.source.facts import Function
from tojax.source.kinds import NUMBERS, is_array
from tojax.source.trees import children, walk
from tojax.translate.context import FileContext
from tojax.translate.memory.reads import Read, later
from tojax.translate.memory.replaced import replaced
from tojax.translate.memory.views import is_loader
from tojax.translate.memory.write import Write

_PROPERTIES = {"H", "T", "imag", "mH", "mT", "real"}  # views that nothing can be assigned to
_WITHOUT_MEMORY = NUMBERS | {"device", "dtype", "shape", "str"}  # None may be something later


def lost_write(context: FileContext, statement: ast.stmt, target: ast.expr) -> str:
    """Why a write into ``target`` would be lost in JAX; an empty string if it would not.

    Rebinding the place keeps the new value for later uses of that place, but another name of the
    same memory (the array that it is a view of, a list, the caller's argument) keeps the old one.
    """
    place = rebound(context, target)
    if context.kind(place).tag in ("parameter", "buffer"):
        return ""
    item = _of_items(place)
    if isinstance(item, ast.Name):
        if taken_from := _taken_from(context, statement, item):
            return f"changes what the loop takes from {taken_from} in place"
    if isinstance(place, ast.Name):
        if is_outer(context, statement, place.id):
            return f"changes '{place.id}', which is not the function's own"
    elif not _is_place(context, place):
        return "writes through a view"
    other = seen_elsewhere(context, statement, target)
    if other:
        return other
    if isinstance(place, ast.Name):
        return _callers(context, statement, place)
    return ""


def _callers(context: FileContext, statement: ast.stmt, place: ast.Name) -> str:
    """Whether only the caller would see the change of an argument."""
    function = context.enclosing_function(statement)
    back = context.handed_back.get(function) if function is not None else None
    if function is None or used_after(context, statement, place.id):
        return ""
    for values in context.sharing.before(context, statement):
        for name in sorted(Write(values, place, place).from_outside() & _given(function)):
            if not (name == back == place.id or used_after(context, statement, name)):
                return f"changes the caller's '{name}' in place; return the new value instead"
    return ""


def seen_elsewhere(
    context: FileContext,
    statement: ast.stmt,
    target: ast.expr,
    node: ast.AST | None = None,
    *,
    is_bound: bool = True,
) -> str:
    """What else sees that ``node``, a part of a statement, changes ``target``; empty if nothing.

    ``is_bound``: the place itself is bound to the new value.
    """
    sharing = context.sharing
    place = rebound(context, target) if is_bound else None
    own = place.id if isinstance(place, ast.Name) else ""
    bound = {own, *_bound_to(statement, node)}
    scope = context.enclosing_function(statement) or context.edits.tree
    found = [read for read in sharing.reads(context, scope) if _may_be_array(context, read.node)]
    reads = list(later(context, scope, found, statement, node or statement))
    for values in sharing.before(context, statement):
        write = Write(values, target, place)
        gone = replaced(context, statement)
        rest = Write(values, target, place, gone.targets)
        names = {read.name for read in reads} - bound
        shown = {name: (write.shown_by(name), rest.shown_by(name)) for name in names}
        for read in reads:
            how = shown.get(read.name, (None, None))[gone.is_over(context, read)]
            if how is not None and _is_still_shown(context, write, read):
                if not _is_bound_later(scope, statement, how.text, own):
                    return how.reason()
        if isinstance(scope, ast.Module):
            continue
        given, back = _given(scope), context.handed_back.get(scope)
        for name in sorted(given - {own}):
            how = rest.shown_by(name) if name == back else rest.held_by(name)
            if how is not None and not _is_bound_later(scope, statement, how.text, own):
                return how.reason()
        for name in sorted(write.from_outside() - given - {own}):
            return f"changes '{name}', which is not the function's own"
    return ""


def shows_array(context: FileContext, statement: ast.stmt, target: ast.expr) -> bool:
    """Whether something of unknown kind shows what other names of the scope know as an array."""
    scope = context.enclosing_function(statement) or context.edits.tree
    reads = context.sharing.reads(context, scope)
    names = {read.name for read in reads if is_array(context.kind(read.node))}
    writes = [Write(values, target, None) for values in context.sharing.before(context, statement)]
    return any(write.shown_by(name) is not None for write in writes for name in sorted(names))


def _bound_to(statement: ast.stmt, node: ast.AST | None) -> Iterator[str]:
    """The names that a statement binds to the value of ``node``."""
    if isinstance(statement, ast.Assign) and statement.value is node:
        yield from (target.id for target in statement.targets if isinstance(target, ast.Name))


def _may_be_array(context: FileContext, node: ast.expr) -> bool:
    """Whether what is read of a name may be an array, or hold one: not ``self.width``."""
    parent = context.edits.parents.get(node)
    while isinstance(parent, ast.Attribute):
        node, parent = parent, context.edits.parents.get(parent)
    return context.kind(node).tag not in _WITHOUT_MEMORY


def _is_still_shown(context: FileContext, write: Write, read: Read) -> bool:
    """Whether a name still shows the memory where it is read."""
    states = [] if read.is_inner else context.sharing.before(context, read.statement)
    return not states or any(write.is_still_shown(v.state, read.name) for v in states)


def _is_bound_later(
    scope: Function | ast.Module, statement: ast.stmt, shown: str, own: str
) -> bool:
    """Whether an attribute is bound again to the new value: ``self.k = k``."""
    return "." in shown and any(
        isinstance(node, ast.Assign)
        and node.lineno > statement.lineno
        and isinstance(node.value, ast.Name)
        and node.value.id == own
        and any(ast.unparse(t) in (shown, f"{shown}.data") for t in node.targets)
        for node in walk(scope)
    )


def is_held(context: FileContext, call: ast.Call, target: ast.expr) -> bool:
    """Whether the same expression took the array before ``call`` changes it: ``x + relu_(x)``."""
    statement = context.edits.statement_of(call)
    taken = list(taken_before(context, call, statement))
    return any(
        Write(values, target, None).is_in(values.of(node))
        for values in context.sharing.before(context, statement)
        for node in taken
    )


def taken_before(context: FileContext, node: ast.AST, statement: ast.stmt) -> Iterator[ast.expr]:
    """The operands and arguments that are evaluated before a part of a statement."""
    while node is not statement:
        parent = context.edits.parents[node]
        if parent is not statement or isinstance(parent, ast.AugAssign):
            for part in children(parent):
                if part is node:
                    break
                if isinstance(part, ast.Attribute) and isinstance(parent, ast.Call):
                    part = part.value  # what the method is called on
                if isinstance(part, ast.expr):
                    yield part
        node = parent


def rebound(context: FileContext, target: ast.expr) -> ast.expr:
    """The place that is bound to a new array when ``target`` changes: ``x`` for ``x.data[0]``."""
    while True:
        match target:
            case ast.Subscript(value=base) if is_array(context.kind(base)):
                target = base
            case ast.Attribute(value=base, attr="data") if is_array(context.kind(base)):
                target = base
            case _:
                return target


def _of_items(node: ast.expr) -> ast.expr:
    """What an expression is an item of."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return node


def _is_place(context: FileContext, node: ast.expr) -> bool:
    """Whether something can be assigned to a place so that it is found there again."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Attribute) and node.attr in _PROPERTIES:
            if is_array(context.kind(node.value)):
                return False
        node = node.value
        match node:
            case ast.Call(func=ast.Name(id="getattr"), args=[owner, _]):
                node = owner
    return isinstance(node, ast.Name)


def _given(function: Function) -> set[str]:
    arguments = function.args
    taken = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return {a.arg for a in [*taken, arguments.vararg, arguments.kwarg] if a is not None}


def is_outer(context: FileContext, statement: ast.stmt, name: str) -> bool:
    """Whether a name is of an enclosing function or the file, where binding it would not show."""
    function = context.enclosing_function(statement)
    if function is None or name in _given(function):
        return False
    for node in walk(function):
        match node:
            case ast.Global(names=names) | ast.Nonlocal(names=names) if name in names:
                return False
            case ast.Name(id=found, ctx=ast.Store()) if found == name:
                if not isinstance(context.edits.parents[node], ast.AugAssign):
                    return False
    return True


def _taken_from(context: FileContext, statement: ast.stmt, target: ast.Name) -> str:
    """What a loop around a statement takes ``target`` from, if it goes on holding the array.

    A data loader hands out fresh arrays, and what is not used any more may keep its old ones.
    """
    function = context.enclosing_function(statement)
    current: ast.AST = statement
    while function is not None and current is not function:
        current = context.edits.parents[current]
        if isinstance(current, ast.For | ast.AsyncFor) and any(
            isinstance(part, ast.Name) and part.id == target.id for part in walk(current.target)
        ):
            return _held(context, function, current)
    return ""


def _held(context: FileContext, function: Function, loop: ast.For | ast.AsyncFor) -> str:
    iterable = loop.iter
    if is_loader(context, iterable):
        return ""
    text = " ".join(context.edits.source(iterable).split())
    if isinstance(iterable, ast.Name) and iterable.id not in _given(function):
        return f"'{text}'" if used_after(context, loop, iterable.id) else ""
    return f"'{text}'"


def used_after(context: FileContext, statement: ast.stmt, name: str) -> bool:
    """Whether a scope reads ``name`` after a statement, or before it in the next round."""
    scope = context.enclosing_function(statement) or context.edits.tree
    found = [read for read in context.sharing.reads(context, scope) if read.name == name]
    return any(True for _ in later(context, scope, found, statement, statement))
