"""Modules of `rules/api`, read as source and never imported, for they import JAX."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

Definition = ast.FunctionDef | ast.ClassDef
_OPTIONS = {"fields", "state"}


@dataclass(eq=False)
class RuleModule:
    """One module of the library: its top-level names, as trees and import statements.

    ``definitions`` are its functions and classes, ``constants`` its assignments, ``values`` the
    entries of ``TORCH_VALUES``, ``advice`` those of ``TORCH_ADVICE``; ``imports`` maps a local name
    to the statement that imports it, ``qualified`` to what it stands for, ``siblings`` to another
    rule module and a name there.
    """

    name: str
    source: str
    tree: ast.Module
    definitions: dict[str, Definition] = field(default_factory=dict)
    constants: dict[str, ast.stmt] = field(default_factory=dict)
    values: dict[str, ast.expr] = field(default_factory=dict)
    advice: dict[str, str] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    qualified: dict[str, str] = field(default_factory=dict)
    siblings: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> RuleModule:
        """Read one file."""
        source = path.read_text(encoding="utf-8")
        module = cls(path.stem, source, ast.parse(source, str(path)))
        for statement in module.tree.body:
            module._read_statement(statement)
        return module

    def _read_statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Import(names=aliases):
                for alias in aliases:
                    local = alias.asname or alias.name.partition(".")[0]
                    self.imports[local] = ast.unparse(ast.Import([alias]))
                    self.qualified[local] = alias.name if alias.asname else local
            case ast.ImportFrom(level=0, module=str(origin), names=aliases):
                for alias in aliases:
                    local = alias.asname or alias.name
                    if origin != "__future__" and not origin.startswith("tojax."):
                        self.imports[local] = ast.unparse(ast.ImportFrom(origin, [alias], 0))
                        self.qualified[local] = f"{origin}.{alias.name}"
            case ast.ImportFrom(level=1, module=str(origin), names=aliases):
                for alias in aliases:
                    self.siblings[alias.asname or alias.name] = (origin, alias.name)
            case ast.FunctionDef() | ast.ClassDef():
                self.definitions[statement.name] = statement
            case (
                ast.Assign(targets=[ast.Name(id="TORCH_VALUES")], value=ast.Dict() as table)
                | ast.AnnAssign(target=ast.Name(id="TORCH_VALUES"), value=ast.Dict() as table)
            ):
                for key, value in zip(table.keys, table.values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        self.values[key.value] = value
            case ast.Assign(targets=[ast.Name(id="TORCH_ADVICE")], value=value):
                for advice, names in ast.literal_eval(value).items():
                    self.advice.update(dict.fromkeys(names.split(), advice))
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                self.constants[name] = statement


class RuleModules(Mapping[str, RuleModule]):
    """The modules of a folder by name, each read when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.paths = {path.stem: path for path in sorted(folder.glob("*.py"))}
        self._read: dict[str, RuleModule] = {}

    def __getitem__(self, name: str) -> RuleModule:
        if name not in self._read:
            self._read[name] = RuleModule.read(self.paths[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule: PyTorch ``names`` and the function or class that stands for them in JAX.

    ``fields`` names the items of a named tuple, ``state`` maps state-dict entries to the attributes
    of the NNX layer that a rule function returns, ``initializers`` are the arguments with which a
    layer starts like PyTorch's, as source.
    """

    names: tuple[str, ...]
    modules: RuleModules = field(repr=False)
    home: str
    definition: str
    fields: tuple[str, ...] = ()
    state: Mapping[str, str] = field(default_factory=dict)
    initializers: Mapping[str, str] = field(default_factory=dict)

    @property
    def module(self) -> RuleModule:
        """The module that defines the rule."""
        return self.modules[self.home]

    @cached_property
    def node(self) -> Definition:
        """The rule itself."""
        return self.module.definitions[self.definition]


def decorations(node: Definition) -> Iterator[tuple[str, tuple[str, ...], dict[str, Any]]]:
    """The marks of a rule: the decorator's name, the PyTorch names and the options."""
    for decorator in node.decorator_list:
        if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Name):
            continue
        if decorator.func.id in ("torch_api", "torch_property"):
            names = tuple(ast.literal_eval(argument) for argument in decorator.args)
            given = {keyword.arg: keyword.value for keyword in decorator.keywords if keyword.arg}
            options = {
                name: ast.literal_eval(value) for name, value in given.items() if name in _OPTIONS
            }
            options["initializers"] = {
                name: ast.unparse(value) for name, value in given.items() if name not in _OPTIONS
            }
            yield decorator.func.id, names, options
