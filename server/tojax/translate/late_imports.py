"""PyTorch's imports that something unresolved still needs, put into the functions that need them.

The rest of the file then runs, and can be verified, without PyTorch.
"""

from __future__ import annotations

import ast
from collections import defaultdict

from tojax.source.facts import Function
from tojax.source.trees import walk

STILL_NEEDED = "  # TODO(tojax): TJ200 still needed by what is unresolved"

_Users = dict[str, list[Function | None]]


def late_imports(code: str) -> str:
    """Move marked imports at the top level of a file into the functions that alone use them.

    Args:
        code: the output; marked lines end in `STILL_NEEDED`.
    """
    if STILL_NEEDED not in code:
        return code
    tree = ast.parse(code)
    lines = code.split("\n")
    users = _users(tree)
    moved: dict[int, list[str]] = defaultdict(list)
    for statement in tree.body:
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            continue
        if not lines[statement.lineno - 1].endswith(STILL_NEEDED):
            continue
        staying = [alias for alias in statement.names if not _can_move(users, alias, lines)]
        for alias in statement.names:
            for function in users[_bound(alias)] if alias not in staying else ():
                assert function is not None
                place = _place(function, _bound(alias))
                indent = lines[_line(place) - 1][: place.col_offset]
                moved[_line(place)].append(indent + _text(statement, [alias]))
        moved[statement.lineno] = [_text(statement, staying)] if staying else []
        lines[statement.lineno - 1] = "\0"
    result: list[str] = []
    for number, line in enumerate(lines, 1):
        result += dict.fromkeys(moved.get(number, ()))
        result += [line] if line != "\0" else []
    return "\n".join(result)


def _users(tree: ast.Module) -> _Users:
    """Name → the outermost functions whose bodies read it; None for reads outside of them."""
    found: _Users = defaultdict(list)

    def visit(node: ast.AST, function: Function | None) -> None:
        if isinstance(node, ast.Name) and function not in found[node.id]:
            found[node.id].append(function)
        inner = node if isinstance(node, Function) and function is None else function
        for name, value in ast.iter_fields(node):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    visit(child, inner if name == "body" else function)

    visit(tree, None)
    return found


def _can_move(users: _Users, alias: ast.alias, lines: list[str]) -> bool:
    """Whether only functions with room for an import, and no other meaning of its name, use it."""
    name = _bound(alias)
    functions = users[name]
    return bool(functions) and all(
        f is not None and _has_room(f, name, lines) and not _binds(f, name) for f in functions
    )


def _has_room(function: Function, name: str, lines: list[str]) -> bool:
    """Whether the first statement that needs ``name`` starts a line."""
    place = _place(function, name)
    return not lines[_line(place) - 1][: place.col_offset].strip()


def _binds(function: Function, name: str) -> bool:
    return any(
        (isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load))
        or (isinstance(node, ast.arg) and node.arg == name)
        or (isinstance(node, ast.alias) and _bound(node) == name)
        or (isinstance(node, ast.Global) and name in node.names)
        for node in walk(function)
    )


def _place(function: Function, name: str) -> ast.stmt:
    """The first statement that needs ``name``, in the innermost branch around all that do."""
    block = function.body
    while True:
        using = [statement for statement in block if _reads(statement, name)]
        inner = _branch(using[0], name) if len(using) == 1 else []
        if not inner:
            return using[0]
        block = inner


def _branch(statement: ast.stmt, name: str) -> list[ast.stmt]:
    """The only branch of a statement that reads ``name``, if nothing else in it does."""
    if not isinstance(statement, ast.If):
        return []
    branches = [b for b in (statement.body, statement.orelse) if any(_reads(s, name) for s in b)]
    if _reads(statement.test, name) or len(branches) != 1:
        return []
    (branch,) = branches
    is_elif = branch[0].col_offset == statement.col_offset
    return _branch(branch[0], name) if is_elif else branch


def _reads(node: ast.AST, name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for part in walk(node))


def _line(statement: ast.stmt) -> int:
    """The line on which a statement starts, with its decorators."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(node.lineno for node in decorators)])


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _text(statement: ast.Import | ast.ImportFrom, names: list[ast.alias]) -> str:
    if isinstance(statement, ast.Import):
        return ast.unparse(ast.Import(names)) + STILL_NEEDED
    return ast.unparse(ast.ImportFrom(statement.module, names, statement.level)) + STILL_NEEDED
