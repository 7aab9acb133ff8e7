"""Insertions that keep the source's layout: a keyword in a call, a parameter, a statement."""

from __future__ import annotations

import ast

from tojax.source.facts import Function, parameters
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.edits import Edits, Keep

# What a constructor keeps of its arguments are the user's; NNX takes no keys, nor the module
# itself, in a plain dict.
_OWN_LOCALS = (
    "{key: None if value is self else value for key, value in locals().items() if key != 'rngs'}"
)


def add_keyword(edits: Edits, call: ast.Call, text: str) -> None:
    """Append ``text`` (such as ``rngs=rngs``) to the arguments of an original call."""
    name = text.partition("=")[0]
    if any(keyword.arg == name for keyword in call.keywords):
        return
    text = edits.append(call, text)
    if call not in edits.spans:  # in an f-string, which is printed anew
        added = ast.parse(f"call({text})", mode="eval").body
        assert isinstance(added, ast.Call)
        edits.replace(call, ast.Call(call.func, call.args, [*call.keywords, *added.keywords]))
        return
    ends = [edits.spans[part][1] for part in (*call.args, *call.keywords) if part in edits.spans]
    end = edits.spans[call][1] - 1
    if not ends:
        edits.replace_text(call, end, end, text)
        return
    last = max(ends)
    rest = edits.text.source[last:end]
    if "," in rest.partition("#")[0]:
        place = last + rest.index(",") + 1
        indent = _indent_of_own_line(edits, call, last)
        if "\n" in rest and indent:
            place = edits.text.source.index("\n", place)
            edits.replace_text(call, place, place, f"\n{indent}{text},")
        else:
            edits.replace_text(call, place, place, f" {text}," if "\n" in rest else f" {text}")
    else:
        place = last + rest.partition("#")[0].rfind(")") + 1
        edits.replace_text(call, place, place, f", {text}")


def _indent_of_own_line(edits: Edits, call: ast.Call, end: int) -> str:
    """The indentation of the argument that ends at ``end``, if it begins a line of its own."""
    arguments = [edits.spans[part] for part in (*call.args, *call.keywords) if part in edits.spans]
    start = next(first for first, last in arguments if last == end)
    line = edits.text.source[edits.text.source.rfind("\n", 0, start) + 1 : start]
    return "" if line.strip() else line


def add_parameter(context: FileContext, function: Function) -> None:
    """Give a function the keyword-only parameter ``rngs: nnx.Rngs``."""
    if any(argument.arg == "rngs" for argument in parameters(function.args)):
        return
    context.imports.add("from flax import nnx")
    insert_parameters(context.edits, function, "rngs: nnx.Rngs")
    for node in walk(function) if function.name == "__init__" else []:
        match node:
            case ast.Call(func=ast.Name(id="locals"), args=[]):
                context.edits.replace(node, ast.parse(_OWN_LOCALS, mode="eval").body)


def insert_parameters(edits: Edits, function: Function, text: str) -> None:
    """Append keyword-only parameters, given as text, to a function's own."""
    arguments = function.args
    every = parameters(arguments)
    source = edits.text.source
    text = edits.append(function, text)
    if not arguments.kwonlyargs and not arguments.vararg:
        text = f"*, {text}"
    if arguments.kwarg is not None:
        place = source.rindex("**", 0, edits.spans[arguments.kwarg][0])
        edits.replace_text(function, place, place, f"{text}, ")
        return
    parts = [*every, *filter(None, [arguments.vararg]), *arguments.defaults]
    parts += [default for default in arguments.kw_defaults if default is not None]
    opening = source.index("(", edits.spans[function][0])
    if not parts:
        edits.replace_text(function, opening + 1, opening + 1, text)
        return
    place = max(edits.spans[part][1] for part in parts)
    unclosed = source.count("(", opening, place) - source.count(")", opening, place)
    for _ in range(unclosed - 1):
        place = source.index(")", place) + 1
    rest = source[place:]
    if rest.lstrip(" ").startswith(","):
        place += rest.index(",") + 1
        line = source[source.rfind("\n", 0, edits.spans[every[-1]][0]) + 1 :]
        indent = line[: len(line) - len(line.lstrip(" "))]
        closed = source[place : source.index(")", place)]
        if "\n" not in closed:
            edits.replace_text(function, place, place, f" {text}")
        elif indent and opening < source.rfind("\n", 0, place):
            separated = text.replace(", ", f",\n{indent}")
            place = source.index("\n", place)
            edits.replace_text(function, place, place, f"\n{indent}{separated},")
        else:
            edits.replace_text(function, place, place, f" {text},")
    else:
        edits.replace_text(function, place, place, f", {text}")


def insert_before(context: FileContext, statement: ast.stmt, new: list[ast.stmt]) -> None:
    """Print statements before an original one."""
    present = context.edits.statements.get(statement, [Keep(statement)])
    context.edits.statements[statement] = [*new, *present]


def insert_after(context: FileContext, statement: ast.stmt, new: list[ast.stmt]) -> None:
    """Print statements after an original one."""
    present = context.edits.statements.get(statement, [Keep(statement)])
    context.edits.statements[statement] = [*present, *new]


def insert_first(context: FileContext, function: Function, new: list[ast.stmt]) -> None:
    """Print statements at the start of a function, after its docstring and base constructor."""
    opening = [statement for statement in function.body if _opens(statement)]
    if len(opening) == len(function.body):
        last = function.body[-1]
        present = context.edits.statements.get(last, [Keep(last)])
        place = 1 if present and isinstance(present[0], Keep) else 0
        context.edits.statements[last] = [*present[:place], *new, *present[place:]]
    else:
        insert_before(context, next(s for s in function.body if not _opens(s)), new)


def _opens(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Expr):
        return False
    return isinstance(statement.value, ast.Constant) or is_super_init(statement.value)


def insert_member(context: FileContext, node: ast.ClassDef, member: ast.FunctionDef) -> None:
    """Print a method before the first function of a class."""
    functions = [s for s in node.body if isinstance(s, ast.FunctionDef | ast.AsyncFunctionDef)]
    insert_before(context, functions[0] if functions else node.body[-1], [member])


def add_field(context: FileContext, node: ast.ClassDef, text: str) -> None:
    """Print a field after the last one of a class, or first in its body."""
    field = ast.parse(text).body[0]
    fields = [s for s in node.body if isinstance(s, ast.AnnAssign)]
    if fields:
        insert_after(context, fields[-1], [field])
    else:
        body = [s for s in node.body if not _opens(s)] or node.body
        insert_before(context, body[0], [field])


def is_super_init(node: ast.AST) -> bool:
    """Whether a node is a call of the base class's constructor through ``super()``."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__")
        ):
            return True
    return False
