"""Copies definitions of the rule library into the output, with everything that they refer to."""

from __future__ import annotations

import ast
import builtins
import functools
from collections.abc import Iterator, Set

from tojax.rules.index import RuleIndex
from tojax.rules.modules import Definition, RuleModule
from tojax.source.facts import parameters
from tojax.source.text import Text
from tojax.source.trees import children, walk
from tojax.translate.edits import Edits
from tojax.translate.open_layers import constructor_of, is_guarded, open_constructor
from tojax.translate.passes.imports import import_block
from tojax.translate.printing import Printer

Key = tuple[str, str]
_DECORATORS = {"torch_api", "torch_property"}


class HelperLibrary:
    """The helpers that one output (a file or a package) needs.

    Args:
        index: the rule library.
        taken: identifiers that the output already uses for something else.
    """

    def __init__(self, index: RuleIndex, taken: set[str]) -> None:
        self._index = index
        self._taken = set(taken)
        self._order: dict[Key, None] = {}
        self._visiting: set[Key] = set()
        self._opened: set[Key] = set()
        self.names: dict[Key, str] = {}
        self.imports: set[str] = set()

    def name(self, key: Key) -> str:
        """The name that a definition has in the output."""
        resolved = self._resolve(key)
        if resolved not in self.names:
            self.names[resolved] = self._free_name(resolved[1])
        return self.names[resolved]

    def require(self, key: Key) -> None:
        """Put a definition, and what it refers to, into the output."""
        self.name(key)
        self._visit(self._resolve(key))

    def open(self, key: Key) -> None:
        """Let a layer accept what code passes that does not know which layer it constructs."""
        home, name = self._resolve(key)
        module = self._index.modules[home]
        owner, node = constructor_of(self._index, module, module.definitions[name])
        self._opened.add((owner.name, node.name))
        if is_guarded(node):
            self.imports.add("import jax.numpy as jnp")

    @property
    def is_empty(self) -> bool:
        """Whether nothing was required."""
        return not self._order

    def source(self) -> str:
        """The definitions as source text, each after what it refers to."""
        return "\n\n\n".join(self._text(key) for key in self._order)

    def module_source(self) -> str:
        """A module of its own that defines the helpers."""
        block = import_block(self.imports, set())
        return (
            f'"""Layers and functions that JAX does not have."""\n\n{block}\n\n\n{self.source()}\n'
        )

    def _resolve(self, key: Key) -> Key:
        found = self._index.definition(self._index.modules[key[0]], key[1])
        return (found[0].name, found[1].name) if found is not None else key

    def _free_name(self, name: str) -> str:
        private = f"_{name.lstrip('_')}"  # two underscores would mean another name in a class
        candidates = [name, private, *(f"{private}_{number}" for number in range(2, 100))]
        for candidate in candidates:
            if candidate not in self._taken and not hasattr(builtins, candidate):
                self._taken.add(candidate)
                return candidate
        raise AssertionError(name)

    def _visit(self, key: Key) -> None:
        if key in self._visiting:
            return
        self._visiting.add(key)
        module = self._index.modules[key[0]]
        node = module.definitions.get(key[1]) or module.constants[key[1]]
        deferred = _deferred_parts(node)
        for name in _references(node, deferred):
            self._need(module, name)
        self._order[key] = None
        for name in _references(node, frozenset()):
            self._need(module, name)

    def _need(self, module: RuleModule, name: str) -> None:
        if name in module.imports:
            self.imports.add(module.imports[name])
        elif self._is_library(module, name):
            self.require((module.name, name))

    def _is_library(self, module: RuleModule, name: str) -> bool:
        return name in module.constants or self._index.definition(module, name) is not None

    def _text(self, key: Key) -> str:
        module = self._index.modules[key[0]]
        edits = _module_edits(module)
        node = module.definitions.get(key[1]) or module.constants[key[1]]
        original = edits.expressions.copy(), edits.pieces.copy()
        for part in _module_names(node):
            if self._is_library(module, part.id):
                name = self.names[self._resolve((module.name, part.id))]
                if name != part.id:
                    edits.replace(part, ast.Name(name, ast.Load()))
        if key in self._opened and isinstance(node, ast.FunctionDef | ast.ClassDef):
            open_constructor(node, edits)
        if self.names[key] != key[1] and isinstance(node, ast.FunctionDef | ast.ClassDef):
            start = edits.text.source.index(key[1], edits.spans[node][0])
            edits.replace_text(node, start, start + len(key[1]), self.names[key])
        start, end = edits.spans[node]
        kept = [d for d in getattr(node, "decorator_list", []) if not _is_registration(d)]
        text = Printer(edits).slice(node, start, end)
        for decorator in reversed(kept):
            text = f"@{edits.source(decorator)}\n{text}"
        edits.expressions, edits.pieces = original
        return text


@functools.cache
def _module_edits(module: RuleModule) -> Edits:
    return Edits(Text(module.source), module.tree)


def _is_registration(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in _DECORATORS
    )


def _definition_parts(node: ast.AST) -> list[ast.AST]:
    decorators = {
        part
        for decorator in getattr(node, "decorator_list", [])
        if _is_registration(decorator)
        for part in walk(decorator)
    }
    return [part for part in walk(node) if part not in decorators]


@functools.cache
def _references(node: Definition | ast.stmt, left_out: Set[ast.AST]) -> list[str]:
    return list(
        dict.fromkeys(
            part.id
            for part in _module_names(node)
            if isinstance(part.ctx, ast.Load) and part not in left_out
        )
    )


@functools.cache
def _module_names(node: ast.AST) -> list[ast.Name]:
    """The names in a definition that are its module's: no parameters, no local variables."""
    own = set(_local_names(node, frozenset()))
    return [p for p in _definition_parts(node) if isinstance(p, ast.Name) and p not in own]


def _local_names(node: ast.AST, local: frozenset[str]) -> Iterator[ast.Name]:
    """The names under a node that functions around them bind, ``local`` or further in."""
    if isinstance(node, ast.Name) and node.id in local:
        yield node
    bound = _bound(node) if isinstance(node, ast.FunctionDef | ast.Lambda) else frozenset()
    for field, value in ast.iter_fields(node):
        inner = local | bound if field == "body" else local
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.AST):
                yield from _local_names(part, inner)


def _bound(function: ast.FunctionDef | ast.Lambda) -> frozenset[str]:
    """A function's parameters and variables."""
    names = {parameter.arg for parameter in parameters(function.args)}
    names |= {a.arg for a in (function.args.vararg, function.args.kwarg) if a is not None}
    queue: list[ast.AST] = list(function.body) if isinstance(function.body, list) else []
    for part in queue:
        if isinstance(part, ast.FunctionDef):
            names.add(part.name)
        elif not isinstance(part, ast.Lambda):
            queue += children(part)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            names.add(part.id)
    return frozenset(names)


@functools.cache
def _deferred_parts(node: ast.AST) -> frozenset[ast.AST]:
    """What runs only when a function is called: it may be defined after the definition."""
    return frozenset(
        part
        for function in walk(node)
        if isinstance(function, ast.FunctionDef | ast.Lambda)
        for statement in (function.body if isinstance(function, ast.FunctionDef) else [])
        for part in walk(statement)
    )
