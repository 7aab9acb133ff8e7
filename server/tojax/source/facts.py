"""What a file defines: its classes, functions and imports, before anything is inferred."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tojax.source.kinds import NONE, UNKNOWN, Kind, join
from tojax.source.names import canonical, dotted, import_origin, imported_names, imports_torch
from tojax.source.text import Text
from tojax.source.trees import walk

Function = ast.FunctionDef | ast.AsyncFunctionDef
_BODIES = ("body", "orelse", "finalbody", "handlers", "cases")


@dataclass(frozen=True)
class Definitions:
    """The definitions and imports in a tree; classes and imports also the inner ones.

    ``variables`` are the names that are assigned at the top level.
    """

    imports: tuple[ast.Import | ast.ImportFrom, ...]
    classes: tuple[ast.ClassDef, ...]
    functions: tuple[Function, ...]
    variables: frozenset[str]

    @property
    def uses_torch(self) -> bool:
        """Whether PyTorch is imported."""
        return any(imports_torch(node, alias) for node in self.imports for alias in node.names)


def parameters(arguments: ast.arguments) -> list[ast.arg]:
    """The parameters that have a name of their own, in order; ``*rest`` and ``**rest`` are left
    out."""
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def has_decorator(function: Function, *names: str) -> bool:
    """Whether a function is decorated with one of these plain names."""
    return any(
        isinstance(decorator, ast.Name) and decorator.id in names
        for decorator in function.decorator_list
    )


def definitions(tree: ast.Module) -> Definitions:
    """Collect what a tree defines, in one walk over its statements."""
    imports: list[ast.Import | ast.ImportFrom] = []
    classes: list[ast.ClassDef] = []
    for node in statements_in(tree.body):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports.append(node)
        elif isinstance(node, ast.ClassDef):
            classes.append(node)
    variables = frozenset(
        node.id
        for statement in tree.body
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for node in walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
    functions = tuple(_functions(tree.body))
    return Definitions(tuple(imports), tuple(classes), functions, variables)


def statements_in(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """All statements of a body, outer ones before inner ones."""
    level = list(body)
    while level:
        inner: list[ast.AST] = []
        for node in level:
            yield node
            for name in node._fields:
                if name in _BODIES:
                    inner += getattr(node, name)
        level = inner


def _functions(body: Iterable[ast.stmt]) -> Iterator[Function]:
    """The functions that a body defines, also under ``if``, ``try``, ``with`` and loops."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield statement
        elif not isinstance(statement, ast.ClassDef):
            for name in statement._fields:
                if name in _BODIES:
                    yield from _functions(getattr(statement, name))


@dataclass(eq=False)
class ClassFacts:
    """A class of the user's; ``bases`` are qualified names, ``attributes`` what ``self.x`` holds.

    ``label`` is the name, with a number if the file has several classes of that name. ``methods``
    holds what a name means at last, ``functions`` all that the body defines.
    """

    name: str
    label: str
    module: ModuleFacts
    node: ast.ClassDef
    bases: list[str] = field(default_factory=list)
    methods: dict[str, Function] = field(default_factory=dict)
    functions: list[Function] = field(default_factory=list)
    attributes: dict[str, Kind] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Qualified name, unique in the program."""
        return f"{self.module.name}:{self.label}"

    def hold(self, name: str, kind: Kind, *, registered: bool = False) -> None:
        """Record that ``self.name`` holds a value; a registered one is what PyTorch makes of it."""
        known = self.attributes.get(name, UNKNOWN)
        if (registered and known.tag not in ("parameter", "buffer", "none")) or known == UNKNOWN:
            self.attributes[name] = kind
        elif known.tag == "buffer" and kind.tag == "array":  # it stays a buffer
            self.attributes[name] = join(known, NONE) if kind.optional else known
        else:
            self.attributes[name] = join(known, kind)


@dataclass(eq=False)
class Effects:
    """What the code of one part of a file told about the classes and functions that it uses.

    ``attributes``: class key, name, kind, and whether it was registered; ``arguments``: name of the
    function (as in its `Home`), parameter, kind. In order, with repetitions.
    """

    attributes: list[tuple[str, str, Kind, bool]] = field(default_factory=list)
    arguments: list[tuple[str, str, Kind]] = field(default_factory=list)


class Home(NamedTuple):
    """Where a top-level statement, function or method is: the part of the file, and the name that
    the function has in the file."""

    part: ast.Module
    name: str = ""


@dataclass(eq=False)
class ModuleFacts:
    """One file: ``name`` is dotted (empty for a lone file), ``path`` is relative to its folder.

    ``locate`` gives the dotted name, from that folder, of a module that the file imports by an
    absolute name.

    ``classes`` are by label: the plain name is the first class of that name, unless it is inside
    another class and the file imports something of that name. ``functions`` holds
    what a name means at last, ``all_functions`` all that the top level defines.
    """

    name: str
    path: str
    text: Text
    tree: ast.Module
    locate: Callable[[str], str] = str
    imports: dict[str, str] = field(default_factory=dict)
    classes: dict[str, ClassFacts] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    all_functions: list[Function] = field(default_factory=list)
    globals: dict[str, Kind] = field(default_factory=dict)
    class_of: dict[ast.ClassDef, ClassFacts] = field(default_factory=dict)

    @property
    def package(self) -> str:
        """The dotted name of the package that relative imports start from."""
        if not self.path.endswith("__init__.py"):
            return self.name.rpartition(".")[0]
        return "" if self.path == "__init__.py" else self.name

    def origin(self, node: ast.ImportFrom) -> str:
        """The qualified name that a ``from … import`` statement of the file imports from."""
        return import_origin(node, self.package, self.locate)

    def qualified(self, node: ast.expr) -> str | None:
        """The qualified name that an expression refers to through this file's imports."""
        parts = dotted(node)
        if parts is None or parts[0] not in self.imports:
            return None
        return canonical(".".join([self.imports[parts[0]], *parts[1:]]))


def module_facts(
    source: str,
    tree: ast.Module,
    name: str = "",
    path: str = "",
    locate: Callable[[str], str] = str,
) -> ModuleFacts:
    """Collect the definitions of one parsed file."""
    facts = ModuleFacts(name, path, Text(source), tree, locate)
    return joined_facts(facts, [definitions(tree)])


def joined_facts(facts: ModuleFacts, parts: Iterable[Definitions]) -> ModuleFacts:
    """Complete the facts of a file of which the definitions are known, part by part."""
    parts = list(parts)
    for part in parts:
        facts.imports.update(imported_names(part.imports, facts.package, facts.locate))
    for part in parts:
        for node in part.classes:
            _add_class(node, facts)
        facts.all_functions += part.functions
    facts.functions = {function.name: function for function in facts.all_functions}
    return facts


def _add_class(node: ast.ClassDef, module: ModuleFacts) -> None:
    label, number = node.name, 1
    while label in module.classes or (label in module.imports and _is_inner(node, module.tree)):
        number += 1
        label = f"{node.name}#{number}"
    module.classes[label] = module.class_of[node] = class_facts(node, label, module)


def class_facts(node: ast.ClassDef, label: str, module: ModuleFacts) -> ClassFacts:
    """What a class is by its definition alone."""
    facts = ClassFacts(node.name, label, module, node)
    for base in node.bases:
        target = base.value if isinstance(base, ast.Subscript) else base
        parts = dotted(target)
        name = module.qualified(target) or (".".join(parts) if parts else "")
        facts.bases.append(name)
    for function in _functions(node.body):
        facts.functions.append(function)
        if not function.decorator_list or not _is_setter(function):
            facts.methods[function.name] = function
    return facts


def _is_inner(node: ast.ClassDef, tree: ast.Module) -> bool:
    """Whether a class is defined inside another: its name means something else in the file."""
    return any(
        isinstance(outer, ast.ClassDef) and outer is not node and node in outer.body
        for outer in statements_in(tree.body)
    )


def _is_setter(function: Function) -> bool:
    """Whether a function only adds to the property of its name."""
    return any(
        isinstance(decorator, ast.Attribute) and decorator.attr in ("setter", "deleter")
        for decorator in function.decorator_list
    )
