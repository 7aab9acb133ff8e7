"""The index of `rules/api`: every rule as a syntax tree, by the PyTorch names that it stands for.

Rule modules are read as source and never imported, for they import JAX.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tojax.rules.library import rules_folder

Definition = ast.FunctionDef | ast.ClassDef


@dataclass(frozen=True, eq=False)
class RuleModule:
    """One module of the library: its top-level names, as trees and import statements."""

    name: str
    source: str
    tree: ast.Module
    definitions: dict[str, Definition] = field(default_factory=dict)
    constants: dict[str, ast.stmt] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    qualified: dict[str, str] = field(default_factory=dict)
    siblings: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule: PyTorch ``names`` and the function or class that stands for them in JAX.

    ``fields`` names the items of a named tuple, ``state`` maps state-dict entries to the attributes
    of the NNX layer that a rule function returns.
    """

    names: tuple[str, ...]
    node: Definition
    module: RuleModule
    fields: tuple[str, ...] = ()
    state: dict[str, str] = field(default_factory=dict)


class RuleIndex:
    """All rules of a folder, found by the PyTorch name."""

    def __init__(self, folder: Path) -> None:
        self.modules: dict[str, RuleModule] = {}
        self.functions: dict[str, Rule] = {}
        self.layers: dict[str, Rule] = {}
        self.properties: dict[str, Rule] = {}
        self.values: dict[str, tuple[ast.expr, RuleModule]] = {}
        for path in sorted(folder.glob("*.py")):
            self._read(path)

    def __contains__(self, name: str) -> bool:
        return (
            name in self.functions
            or name in self.layers
            or name in self.properties
            or name in self.values
        )

    def names(self) -> set[str]:
        """Every PyTorch name that has a rule."""
        return {*self.functions, *self.layers, *self.properties, *self.values}

    def rule(self, name: str) -> Rule | None:
        """The rule of a function, layer or property; the function form comes first."""
        return self.functions.get(name) or self.layers.get(name) or self.properties.get(name)

    def definition(self, module: RuleModule, name: str) -> tuple[RuleModule, Definition] | None:
        """A function or class that ``module`` knows as ``name``, followed through its imports."""
        if name in module.definitions:
            return module, module.definitions[name]
        if name in module.siblings:
            other, original = module.siblings[name]
            if other in self.modules:
                return self.definition(self.modules[other], original)
        return None

    def signature(self, rule: Rule) -> ast.arguments:
        """The parameters of a rule; for a class those of its constructor, without ``self``."""
        return self._signature(rule.module, rule.node)

    def _signature(self, module: RuleModule, node: Definition) -> ast.arguments:
        if isinstance(node, ast.FunctionDef):
            return node.args
        constructor = self.method(module, node, "__init__")
        if constructor is None:
            return ast.arguments([], [], None, [], [], None, [])
        own = constructor.args
        return ast.arguments(
            [], own.args[1:], own.vararg, own.kwonlyargs, own.kw_defaults, own.kwarg, own.defaults
        )

    def method(self, module: RuleModule, node: ast.ClassDef, name: str) -> ast.FunctionDef | None:
        """A method of a library class, inherited ones included."""
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef) and statement.name == name:
                return statement
        for base in node.bases:
            found = self.definition(module, base.id) if isinstance(base, ast.Name) else None
            if found is not None and isinstance(found[1], ast.ClassDef):
                inherited = self.method(found[0], found[1], name)
                if inherited is not None:
                    return inherited
        return None

    def _read(self, path: Path) -> None:
        source = path.read_text(encoding="utf-8")
        module = RuleModule(path.stem, source, ast.parse(source, str(path)))
        self.modules[path.stem] = module
        for statement in module.tree.body:
            self._read_statement(module, statement)

    def _read_statement(self, module: RuleModule, statement: ast.stmt) -> None:
        match statement:
            case ast.Import(names=aliases):
                for alias in aliases:
                    local = alias.asname or alias.name.partition(".")[0]
                    module.imports[local] = ast.unparse(ast.Import([alias]))
                    module.qualified[local] = alias.name if alias.asname else local
            case ast.ImportFrom(level=0, module=str(origin), names=aliases):
                for alias in aliases:
                    local = alias.asname or alias.name
                    if origin != "__future__" and not origin.startswith("tojax."):
                        module.imports[local] = ast.unparse(ast.ImportFrom(origin, [alias], 0))
                        module.qualified[local] = f"{origin}.{alias.name}"
            case ast.ImportFrom(level=1, module=str(origin), names=aliases):
                for alias in aliases:
                    module.siblings[alias.asname or alias.name] = (origin, alias.name)
            case ast.FunctionDef() | ast.ClassDef():
                module.definitions[statement.name] = statement
                self._register(module, statement)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if name == "TORCH_VALUES" and isinstance(value, ast.Dict):
                    self._register_values(module, value)
                else:
                    module.constants[name] = statement
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Dict() as table) if (
                name == "TORCH_VALUES"
            ):
                self._register_values(module, table)
            case ast.AnnAssign(target=ast.Name(id=name)):
                module.constants[name] = statement

    def _register_values(self, module: RuleModule, table: ast.Dict) -> None:
        for key, value in zip(table.keys, table.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                self.values[key.value] = (value, module)

    def _register(self, module: RuleModule, node: Definition) -> None:
        for kind, names, options in _decorations(node):
            rule = Rule(names, node, module, **options)
            if kind == "torch_property":
                table = self.properties
            else:
                table = self.layers if isinstance(node, ast.ClassDef) else self.functions
            table.update(dict.fromkeys(names, rule))


def _decorations(node: Definition) -> Iterator[tuple[str, tuple[str, ...], dict[str, Any]]]:
    for decorator in node.decorator_list:
        if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Name):
            continue
        if decorator.func.id in ("torch_api", "torch_property"):
            names = tuple(ast.literal_eval(argument) for argument in decorator.args)
            options = {
                keyword.arg: ast.literal_eval(keyword.value)
                for keyword in decorator.keywords
                if keyword.arg
            }
            yield decorator.func.id, names, options


@functools.cache
def rule_index() -> RuleIndex:
    """The index of the library that ships with tojax; built once per process."""
    return RuleIndex(rules_folder() / "api")
