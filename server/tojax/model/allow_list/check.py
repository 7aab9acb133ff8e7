"""Judges every node of a draft.

Modules are never values: each use of one is a dotted name that starts at an import, so that it
can be told without running anything which function it means.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tojax.model.allow_list.annotations import Annotations
from tojax.model.allow_list.names import (
    ALLOWED_BUILTINS,
    ALLOWED_DUNDERS,
    GUARDED_BUILTINS,
    HARMLESS_MODULES,
    REFUSED_ATTRIBUTES,
    REFUSED_NAMES,
    public_names,
)
from tojax.model.allow_list.scopes import Names, scoped_children
from tojax.source.names import dotted, is_torch

_DUNDER = re.compile(r"__\w+__")
_BUILTINS = frozenset(vars(builtins))
_TYPE_NAMES = ("__name__", "__qualname__")


@dataclass(frozen=True, order=True)
class Refusal:
    """Something that a draft must not do: its line, counted from one, and the reason."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


def refusals(code: str, source: str = "", translated: str = "") -> list[Refusal]:
    """What a draft does that it must not, in order of lines; nothing if it may be run.

    Args:
        code: the draft.
        source: the PyTorch source; what it uses of other packages, the draft may use too.
        translated: what the rules made of it. Statements of either text that a draft repeats word
            for word, at the top level or in a class, are not the model's and are not judged.

    Raises:
        SyntaxError: one of the texts does not parse.
    """
    own = ast.parse(source)
    known = {*_statements(own), *_statements(ast.parse(translated))}
    check = _Check(ast.parse(code), own, known)
    check.run()
    return sorted(check.found)


def _statements(tree: ast.Module) -> Iterator[str]:
    """The statements of a file and of its classes, as text that says nothing of their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef):
            yield from map(ast.dump, node.body)


def _uses(tree: ast.Module, imports: dict[str, set[str]]) -> Names:
    """The qualified names that a source uses of packages other than PyTorch."""
    inner = {id(n) for node in ast.walk(tree) for n in _inner_names(node)}
    chains = {
        chain
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute) and id(node) not in inner
        for chain in _qualified(node, imports)
    }
    return frozenset(filter(_may_be_shared, chains))


def _may_be_shared(chain: str) -> bool:
    root = chain.partition(".")[0]
    return (
        not is_torch(chain)
        and chain not in REFUSED_NAMES
        and (root in HARMLESS_MODULES or root not in sys.stdlib_module_names)
    )


def _imports(tree: ast.AST) -> dict[str, set[str]]:
    """Local name → what it may stand for, by every import statement."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                local = alias.asname or alias.name.partition(".")[0]
                found.setdefault(local, set()).add(alias.name if alias.asname else local)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                found.setdefault(alias.asname or alias.name, set()).add(_origin(node, alias))
    return found


def _origin(node: ast.ImportFrom, alias: ast.alias) -> str:
    """What one name of ``from … import`` stands for; starts with dots if relative."""
    return f"{'.' * node.level}{node.module or ''}.{alias.name}"


def _qualified(node: ast.expr, imports: dict[str, set[str]]) -> list[str]:
    """What a dotted name may stand for; nothing if it does not start at an import."""
    parts = dotted(node)
    if parts is None:
        return []
    return [".".join([path, *parts[1:]]) for path in sorted(imports.get(parts[0], ()))]


class _Check:
    """One pass over a draft; ``found`` collects what is wrong."""

    def __init__(self, tree: ast.Module, source: ast.Module, known: set[str]) -> None:
        self.found: set[Refusal] = set()
        self._tree, self._known = tree, known
        source_imports = _imports(source)
        self._shared = _uses(source, source_imports)
        self._shared_imports = {
            path for paths in source_imports.values() for path in paths if _may_be_shared(path)
        }
        self._imports = _imports(tree)
        self._annotations = Annotations(tree, self._imports)
        self._docstrings = {id(text) for text in _docstrings(tree)}
        self._accepted: set[int] = set()  # judged with the node around them

    def run(self) -> None:
        """Judge every node, outer ones before inner ones."""
        todo: list[tuple[ast.AST, Names]] = [(self._tree, frozenset())]
        while todo:
            node, local = todo.pop()
            if isinstance(node, ast.Module | ast.ClassDef):
                node.body = [part for part in node.body if ast.dump(part) not in self._known]
            self._judge(node, local)
            for annotation in _annotations_of(node):
                todo += [(text, local) for text in self._texts_of(annotation)]
            todo += scoped_children(node, local)

    def _judge(self, node: ast.AST, local: Names) -> None:
        match node:
            case ast.Import():
                for alias in node.names:
                    self._import(node, alias.name)
            case ast.ImportFrom():
                for alias in node.names:
                    self._import_from(node, alias)
            case ast.Call():
                self._call(node)
            case ast.Compare():
                for operand in (node.left, *node.comparators):
                    self._accept_type_of(operand)
            case ast.FormattedValue():
                self._accept_type_of(node.value)
            case ast.Attribute():
                self._attribute(node, local)
            case ast.Name() if id(node) not in self._accepted and node.id not in local:
                self._name(node)
            case ast.Constant(value=str(text)) if id(node) not in self._docstrings:
                for name in _DUNDER.findall(text):
                    self._identifier(node, name)
        for name in _identifiers(node):
            self._identifier(node, name)

    def _refuse(self, node: ast.AST, reason: str) -> None:
        self.found.add(Refusal(getattr(node, "lineno", 1), reason))

    # imports

    def _import(self, node: ast.AST, module: str) -> None:
        inside = f"{module}."
        known = (*public_names(), *self._shared, *self._shared_imports)
        if not any(name == module or name.startswith(inside) for name in known):
            self._refuse(node, _why_no_import(module))

    def _import_from(self, node: ast.ImportFrom, alias: ast.alias) -> None:
        origin = _origin(node, alias)
        if alias.name == "*":
            self._refuse(node, f"'from {node.module} import *' hides what is used")
        elif not node.level and node.module in public_names():
            if origin not in public_names():
                self._chain(node, origin)
        elif origin not in self._shared_imports and origin not in public_names():
            self._refuse(node, _why_no_import(origin if node.level else node.module or ""))

    # names

    def _chain(self, node: ast.AST, chain: str) -> None:
        """Judge a dotted name that starts at an import."""
        module = _module_of(chain)
        name = chain[len(module) + 1 :].partition(".")[0] if module else ""
        meant = f"{module}.{name}" if module else chain
        if meant in REFUSED_NAMES:
            self._refuse(node, f"{meant} {REFUSED_NAMES[meant]}")
        elif chain in self._shared:
            return
        elif not module:
            self._refuse(node, f"{chain} is not among the names that may be used")
        elif not name:
            self._refuse(node, f"the module {module} is used as a value")
        elif name not in public_names()[module]:
            close = difflib.get_close_matches(name, public_names()[module], n=2)
            hint = f"; there is {' and '.join(close)}" if close else ""
            self._refuse(node, f"{module} has no '{name}' that may be used{hint}")

    def _attribute(self, node: ast.Attribute, local: Names) -> None:
        if node.attr in _TYPE_NAMES:
            self._accept_type_of(node.value)
        if node.attr == "__class__" and id(node) not in self._accepted:
            self._refuse(node, "__class__ is used for more than its name; use isinstance")
        parts = dotted(node)
        if id(node) in self._accepted or parts is None or parts[0] in local:
            return
        for chain in _qualified(node, self._imports):
            if not isinstance(node.ctx, ast.Load):
                self._refuse(node, f"{chain} is changed")
            self._chain(node, chain)
            self._accepted.update(map(id, _inner_names(node)))

    def _name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            return
        for path in sorted(self._imports.get(node.id, ())):
            self._chain(node, path)
        if node.id in GUARDED_BUILTINS:
            self._refuse(node, f"{node.id} is used in a way that hides what it does")
        elif node.id in _BUILTINS - ALLOWED_BUILTINS and not _DUNDER.fullmatch(node.id):
            self._refuse(node, f"the builtin {node.id} may not be used")

    def _identifier(self, node: ast.AST, name: str) -> None:
        special = _DUNDER.fullmatch(name) and name not in ALLOWED_DUNDERS
        if special or (name == "__class__" and not isinstance(node, ast.Attribute)):
            self._refuse(node, f"the special name {name} may not be used")
        elif isinstance(node, ast.Attribute | ast.Call | ast.MatchClass):
            if name in REFUSED_ATTRIBUTES:
                self._refuse(node, f"the attribute {name} {REFUSED_ATTRIBUTES[name]}")

    # builtins that are harmless only as they are called

    def _call(self, node: ast.Call) -> None:
        match node:
            case ast.Call(
                func=ast.Name(id="getattr" | "hasattr" | "setattr" | "delattr") as function,
                args=[_, name, *_],
                keywords=[],
            ) if (start := _beginning(name)) and not start.startswith("_"):
                self._accepted.add(id(function))
                if isinstance(name, ast.Constant):
                    self._identifier(node, start)
                elif any(attribute.startswith(start) for attribute in REFUSED_ATTRIBUTES):
                    self._refuse(node, f"{function.id} with a name that starts with '{start}'")

    def _accept_type_of(self, node: ast.expr) -> None:
        """Let ``type(x)`` and ``x.__class__`` be compared, printed, or asked for their name."""
        match node:
            case ast.Call(func=ast.Name(id="type") as function, args=[_], keywords=[]):
                self._accepted.add(id(function))
            case ast.Attribute(attr="__class__"):
                self._accepted.add(id(node))

    # annotations

    def _texts_of(self, annotation: ast.expr) -> list[ast.expr]:
        """The code in the texts of an annotation."""
        self._accepted.update(
            id(part)
            for part in ast.walk(annotation)
            if isinstance(part, ast.Name) and part.id == "type"
        )
        try:
            return list(self._annotations.expressions(annotation))
        except ValueError as error:
            self._refuse(annotation, str(error))
            return []


def _why_no_import(module: str) -> str:
    if is_torch(module):
        return f"{module} is PyTorch, which the JAX version must not import"
    return f"the import of {module} is not allowed"


def _module_of(chain: str) -> str:
    """The longest beginning of a dotted name that is a module with known names."""
    while chain and chain not in public_names():
        chain = chain.rpartition(".")[0]
    return chain


def _inner_names(node: ast.AST) -> Iterator[ast.AST]:
    """What a dotted name is made of, without itself."""
    inner = node
    while isinstance(inner, ast.Attribute):
        inner = inner.value
        yield inner


def _beginning(node: ast.expr) -> str:
    """The literal text that a string expression starts with."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=[first, *_]) | ast.BinOp(left=first, op=ast.Add()):
            return _beginning(first)
    return ""


def _annotations_of(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.arg(annotation=annotation) | ast.AnnAssign(annotation=annotation):
            return [annotation] if annotation else []
        case ast.FunctionDef(returns=returns) | ast.AsyncFunctionDef(returns=returns):
            return [returns] if returns else []
    return []


def _identifiers(node: ast.AST) -> Iterator[str]:
    """The names that a node holds as plain text."""
    if isinstance(node, ast.Constant):
        return
    for field, value in ast.iter_fields(node):
        if isinstance(value, str) and field not in ("module", "type_comment"):
            yield value
        elif isinstance(value, list):
            yield from (item for item in value if isinstance(item, str))


def _docstrings(tree: ast.Module) -> Iterator[ast.expr]:
    """Texts that are statements of their own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            yield node.value
