"""Functions that only change an array of their caller's: they return it, and the caller binds it.

``def shift(x): x += 1`` with calls ``shift(y)`` becomes a function that returns ``x``, and calls
``y = shift(y)``, where all calls of a program are such statements.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tojax.source.facts import ClassFacts, Function
from tojax.source.kinds import Kind
from tojax.source.trees import children, walk
from tojax.translate.context import FileContext
from tojax.translate.insertions import insert_after

_OWN_SCOPE = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef


def handed_back(contexts: list[FileContext]) -> dict[Function, str]:
    """The functions that are to return the one parameter that they change."""
    calls: dict[Function, list[tuple[FileContext, ast.Call]]] = {}
    for context in contexts:
        for call, callees in context.inference.callees.items():
            if call in context.edits.parents:
                for callee in callees:
                    if not isinstance(callee, ClassFacts):
                        calls.setdefault(callee, []).append((context, call))
    found: dict[Function, str] = {}
    for context in contexts:
        for function, owner in _functions(context):
            written = context.inference.writes.of(context.facts, function, owner)
            told = context.inference.records.from_calls
            arrays = [name for name in written if told(function, name).tag == "array"]
            if len(arrays) == 1 and function in calls and _gives_nothing(function):
                if not context.sharing.is_argument_throughout(function, arrays[0]):
                    continue
                if _is_one_of_its_name(contexts, function, owner) and all(
                    isinstance(where.edits.parents[call], ast.Expr)
                    for where, call in calls[function]
                ):
                    found[function] = arrays[0]
    for function in _values(contexts) if found else ():
        found.pop(function, None)  # under another name it would be called in the old way
    return found


def _values(contexts: list[FileContext]) -> Iterator[Function]:
    """The functions that are named without being called there, unless for a second name."""
    for context in contexts:
        for node in context.edits.spans:
            kind = context.kind(node)
            if kind.tag != "user" or not isinstance(node, ast.Name | ast.Attribute):
                continue
            parent = context.edits.parents[node]
            home, _, name = kind.name.partition(":")
            module = context.program.modules.get(home)
            if module is not None and name in module.functions:
                is_called = isinstance(parent, ast.Call) and parent.func is node
                if not is_called and not _is_alias(context, parent, kind):
                    yield module.functions[name]


def _is_alias(context: FileContext, parent: ast.AST, kind: Kind) -> bool:
    """Whether a name of the file means one function only."""
    match parent:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return context.facts.globals.get(name) == kind
    return False


def give_back(context: FileContext) -> None:
    """Let the functions of a file that hand an array back return it."""
    for function, name in context.handed_back.items():
        if function not in context.edits.parents:
            continue
        for statement in _own_statements(function):
            if isinstance(statement, ast.Return):
                context.edits.replace_statement(statement, [_returned(name)])
        if isinstance(function.returns, ast.Constant):
            context.imports.add("import jax")
            array = ast.Attribute(ast.Name("jax", ast.Load()), "Array", ast.Load())
            context.edits.replace(function.returns, array)
        if not isinstance(function.body[-1], ast.Return):
            insert_after(context, function.body[-1], [_returned(name)])


def _returned(name: str) -> ast.stmt:
    return ast.Return(ast.Name(name, ast.Load()))


def _functions(context: FileContext) -> Iterator[tuple[Function, ClassFacts | None]]:
    for function in context.facts.all_functions:
        yield function, None
    for facts in context.facts.classes.values():
        for function in facts.functions:
            if not function.name.startswith("__") and function.name != "forward":
                yield function, facts


def _is_one_of_its_name(
    contexts: list[FileContext], function: Function, owner: ClassFacts | None
) -> bool:
    """Whether no other class has a method of this name, which a call might reach instead."""
    if owner is None:
        return True
    return not any(
        function.name in facts.methods and facts is not owner
        for context in contexts
        for facts in context.facts.classes.values()
    )


def _gives_nothing(function: Function) -> bool:
    """Whether a function has no result, and nothing that makes it more than a function."""
    statements = list(_own_statements(function))
    yields = any(isinstance(node, ast.Yield | ast.YieldFrom) for node in walk(function))
    plain = isinstance(function, ast.FunctionDef) and not function.decorator_list and not yields
    return plain and all(s.value is None for s in statements if isinstance(s, ast.Return))


def _own_statements(function: Function) -> Iterator[ast.stmt]:
    """The statements of a function, without those of functions inside it."""
    queue: list[ast.AST] = list(function.body)
    while queue:
        node = queue.pop()
        if isinstance(node, _OWN_SCOPE):
            continue
        if isinstance(node, ast.stmt):
            yield node
        queue += children(node)
