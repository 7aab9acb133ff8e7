"""Functions that only change an array of their caller's: they return it, and the caller binds it.

``def shift(x): x += 1`` with calls ``shift(y)`` becomes a function that returns ``x``, and calls
``y = shift(y)``, where all calls of a program are such statements.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tojax.source.facts import ClassFacts, Function
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
                if _is_one_of_its_name(contexts, function, owner) and all(
                    isinstance(where.edits.parents[call], ast.Expr)
                    for where, call in calls[function]
                ):
                    found[function] = arrays[0]
    return found


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
    yields = any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(function))
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
        queue += ast.iter_child_nodes(node)
