"""The index of `rules/api`: every rule by the PyTorch names that it stands for."""

from __future__ import annotations

import ast
import functools
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tojax.rules import modules as rule_modules
from tojax.rules.cache import cached_by_content
from tojax.rules.library import rules_folder
from tojax.rules.modules import Definition, Rule, RuleModule, RuleModules, decorations

_FUNCTION_LAYER = "FunctionLayer"  # the base of the classes that some layers have only if asked


class RuleIndex:
    """All rules of a folder, found by the PyTorch name."""

    def __init__(self, folder: Path) -> None:
        self.modules = RuleModules(folder)
        self.functions: dict[str, Rule] = {}
        self.layers: dict[str, Rule] = {}
        self.classes: dict[str, Rule] = {}
        self.properties: dict[str, Rule] = {}
        self._values: dict[str, str] = {}
        self._advice: dict[str, str] = {}
        files = [Path(rule_modules.__file__), Path(__file__), *self.modules.paths.values()]
        for home, content in cached_by_content(files, self._catalogue).items():
            self._values.update(dict.fromkeys(content["values"], home))
            self._advice.update(content["advice"])
            for kind, names, definition, fields, *options in content["rules"]:
                rule = Rule(tuple(names), self.modules, home, definition, tuple(fields), *options)
                getattr(self, kind).update(dict.fromkeys(names, rule))

    def __contains__(self, name: str) -> bool:
        return (
            name in self.functions
            or name in self.layers
            or name in self.properties
            or name in self._values
        )

    def names(self) -> set[str]:
        """Every PyTorch name that has a rule."""
        return {*self.functions, *self.layers, *self.properties, *self._values}

    def rule(self, name: str) -> Rule | None:
        """The rule of a function, layer or property; the function form comes first."""
        return self.functions.get(name) or self.layers.get(name) or self.properties.get(name)

    def base(self, name: str) -> Rule | None:
        """The rule of a layer that a class derives from; the class form comes first."""
        return self.layers.get(name) or self.functions.get(name)

    def exact_layer(self, name: str) -> Rule | None:
        """The class of just one layer, where the rule's class stands for several layers."""
        rule = self.layers.get(name)
        own = name.rpartition(".")[2]
        if rule is None or own not in rule.module.definitions:
            return None
        return Rule((name,), self.modules, rule.home, own)

    def value(self, name: str) -> tuple[ast.expr, RuleModule] | None:
        """What a PyTorch constant or type is in JAX, with the module that says so."""
        if name not in self._values:
            return None
        module = self.modules[self._values[name]]
        return module.values[name], module

    def advised(self) -> set[str]:
        """The names and patterns that the library has advice on."""
        return set(self._advice)

    def advice(self, name: str) -> str:
        """What to do about a name that has no rule; the closest pattern says it, or nothing."""
        patterns = [
            pattern
            for pattern in self._advice
            if name.startswith(re.split(r"[*[]", pattern)[0]) and fnmatchcase(name, pattern)
        ]
        return self._advice[max(patterns, key=len)] if patterns else ""

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

    def has_member(self, module: RuleModule, node: ast.ClassDef, name: str) -> bool:
        """Whether a library class has a method or property, or sets an attribute, of this name."""
        if self.method(module, node, name) is not None:
            return True
        constructor = self.method(module, node, "__init__")
        return constructor is not None and any(
            isinstance(part, ast.Attribute)
            and isinstance(part.ctx, ast.Store)
            and part.attr == name
            for part in ast.walk(constructor)
        )

    def _catalogue(self) -> dict[str, dict[str, Any]]:
        """Which names each module has, as plain data."""
        return {
            name: {
                "values": list(module.values),
                "advice": module.advice,
                "rules": [
                    (
                        _table(kind, node),
                        names,
                        node.name,
                        options.get("fields", ()),
                        options.get("state", {}),
                        options["initializers"],
                    )
                    for node in module.definitions.values()
                    for kind, names, options in decorations(node)
                ],
            }
            for name, module in self.modules.items()
        }


def _table(decorator: str, node: Definition) -> str:
    if decorator == "torch_property":
        return "properties"
    if isinstance(node, ast.FunctionDef):
        return "functions"
    bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
    return "classes" if _FUNCTION_LAYER in bases else "layers"


@functools.cache
def rule_index() -> RuleIndex:
    """The index of the library that ships with tojax; built read once per process."""
    return RuleIndex(rules_folder() / "api")
