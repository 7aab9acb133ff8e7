"""What a file defines: its classes, functions and imports, before anything is inferred."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from tojax.source.kinds import Kind
from tojax.source.names import canonical, dotted, imported_names
from tojax.source.text import Text

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(eq=False)
class ClassFacts:
    """A class of the user's; ``bases`` are qualified names, ``attributes`` what ``self.x`` holds."""

    name: str
    module: ModuleFacts
    node: ast.ClassDef
    bases: list[str] = field(default_factory=list)
    methods: dict[str, Function] = field(default_factory=dict)
    attributes: dict[str, Kind] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Qualified name, unique in the program."""
        return f"{self.module.name}:{self.name}"


@dataclass(eq=False)
class ModuleFacts:
    """One file: ``name`` is dotted (empty for a lone file), ``path`` is relative to its folder."""

    name: str
    path: str
    text: Text
    tree: ast.Module
    imports: dict[str, str] = field(default_factory=dict)
    classes: dict[str, ClassFacts] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    globals: dict[str, Kind] = field(default_factory=dict)

    def qualified(self, node: ast.expr) -> str | None:
        """The qualified name that an expression refers to through this file's imports."""
        parts = dotted(node)
        if parts is None or parts[0] not in self.imports:
            return None
        return canonical(".".join([self.imports[parts[0]], *parts[1:]]))


def module_facts(source: str, tree: ast.Module, name: str = "", path: str = "") -> ModuleFacts:
    """Collect the definitions of one parsed file."""
    is_package = path.endswith("__init__.py")
    package = name if is_package else name.rpartition(".")[0]
    facts = ModuleFacts(name, path, Text(source), tree, imported_names(tree, package))
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name not in facts.classes:
            facts.classes[node.name] = _class_facts(node, facts)
    for statement in _top_level(tree.body):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            facts.functions[statement.name] = statement
    return facts


def _top_level(body: list[ast.stmt]) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for statement in body:
        found.append(statement)
        if isinstance(statement, ast.If):
            found += _top_level(statement.body) + _top_level(statement.orelse)
        elif isinstance(statement, ast.Try):
            found += _top_level(statement.body)
            found += [inner for handler in statement.handlers for inner in _top_level(handler.body)]
    return found


def _class_facts(node: ast.ClassDef, module: ModuleFacts) -> ClassFacts:
    facts = ClassFacts(node.name, module, node)
    for base in node.bases:
        target = base.value if isinstance(base, ast.Subscript) else base
        parts = dotted(target)
        name = module.qualified(target) or (".".join(parts) if parts else "")
        facts.bases.append(name)
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            facts.methods[statement.name] = statement
    return facts
