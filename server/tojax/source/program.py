"""A program: the files that are analysed together, and how names in one reach another."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from tojax.source.annotations import annotation_kind
from tojax.source.facts import ClassFacts, Function, ModuleFacts
from tojax.source.kinds import UNKNOWN, Kind, join

Member = ClassFacts | tuple[ModuleFacts, Function]


class Program:
    """The files of one analysis by dotted name; a lone file has the empty name."""

    def __init__(self, modules: list[ModuleFacts]) -> None:
        self.modules = {module.name: module for module in modules}
        # By key, and as labels: an edit may put another class in the place of one.
        self._lines: dict[str, list[tuple[ModuleFacts, str]]] = {}

    def in_import_order(self) -> list[ModuleFacts]:
        """The modules, each after those that it imports, as far as imports are not circular."""
        ordered: dict[str, ModuleFacts] = {}
        visiting: set[str] = set()

        def visit(module: ModuleFacts) -> None:
            if module.name in visiting:
                return
            visiting.add(module.name)
            for qualified in module.imports.values():
                for name in (qualified, qualified.rpartition(".")[0]):
                    if name in self.modules:
                        visit(self.modules[name])
            ordered[module.name] = module

        for module in self.modules.values():
            visit(module)
        return list(ordered.values())

    def member(self, module: ModuleFacts, name: str) -> Member | None:
        """The class or function that ``name`` means at the top level of ``module``."""
        if name in module.classes:
            return module.classes[name]
        if name in module.functions:
            return module, module.functions[name]
        if name in module.imports:
            return self.find(module.imports[name])
        return None

    def find(self, qualified: str) -> Member | None:
        """A user's class or function by its qualified name, followed through re-exports."""
        home, _, name = qualified.rpartition(".")
        module = self.modules.get(home)
        if module is None or not home:
            return None
        if name in module.imports and module.imports[name] == qualified:
            return None
        return self.member(module, name)

    def global_kind(self, module: ModuleFacts, name: str) -> Kind:
        """Kind of a module-level variable, also of one imported from another file."""
        seen: set[str] = set()
        while name not in module.globals:
            qualified = module.imports.get(name, "")
            home, _, name = qualified.rpartition(".")
            if home not in self.modules or qualified in seen:
                return UNKNOWN
            seen.add(qualified)
            module = self.modules[home]
        return module.globals[name]

    def annotated_kind(self, node: ast.expr | None, module: ModuleFacts) -> Kind:
        """The kind that an annotation in ``module`` promises, classes of the user's included."""
        kind = annotation_kind(node, module.qualified)
        if kind != UNKNOWN or node is None:
            return kind
        member = self.member(module, ast.unparse(node).strip("'\""))
        return self.instance_kind(member) if isinstance(member, ClassFacts) else UNKNOWN

    def instance_kind(self, facts: ClassFacts) -> Kind:
        """Kind of an instance of a user's class."""
        if self.is_layer(facts):
            return Kind("module", name=facts.key)
        bases = self.torch_bases(facts)
        if any(base.startswith("torch.optim.lr_scheduler") for base in bases):
            return Kind("scheduler", name=facts.key)
        return Kind("object", name=facts.key)

    def class_of(self, kind: Kind) -> ClassFacts | None:
        """The user's class behind an instance or class kind."""
        return self.class_by_key(kind.name)

    def class_by_key(self, key: str) -> ClassFacts | None:
        """The class with key ``module:Name``."""
        home, separator, name = key.partition(":")
        if not separator or home not in self.modules:
            return None
        return self.modules[home].classes.get(name)

    def base_classes(self, facts: ClassFacts) -> list[ClassFacts]:
        """The user's classes that ``facts`` derives from, itself first."""
        line = self._lines.get(facts.key)
        if line is None:
            line = [(current.module, current.label) for current in self._ancestors(facts)]
            self._lines[facts.key] = line
        return [module.classes[label] for module, label in line]

    def _ancestors(self, facts: ClassFacts) -> Iterator[ClassFacts]:
        seen: set[str] = set()
        queue = [facts]
        while queue:
            current = queue.pop(0)
            if current.key in seen:
                continue
            seen.add(current.key)
            yield current
            for base in current.bases:
                member = self.member(current.module, base) or self.find(base)
                if isinstance(member, ClassFacts):
                    queue.append(member)

    def torch_bases(self, facts: ClassFacts) -> list[str]:
        """PyTorch classes that ``facts`` derives from, directly or through the user's classes."""
        return [
            base
            for current in self.base_classes(facts)
            for base in current.bases
            if base.startswith("torch.")
        ]

    def torch_bases_of(self, facts: ClassFacts, base: ast.expr) -> list[str]:
        """The PyTorch classes that one of the bases of ``facts`` is or derives from."""
        name = facts.bases[facts.node.bases.index(base)]
        if name.startswith("torch."):
            return [name]
        member = self.member(facts.module, name) or self.find(name)
        return self.torch_bases(member) if isinstance(member, ClassFacts) else []

    def is_layer(self, facts: ClassFacts) -> bool:
        """Whether a class is a `torch.nn.Module`, or a part of modules only."""
        return self._is_module(facts) or facts.key in self._mixins

    def is_mixin(self, facts: ClassFacts) -> bool:
        """Whether a class is no `torch.nn.Module` itself, but all that derive from it are."""
        return facts.key in self._mixins

    def _is_module(self, facts: ClassFacts) -> bool:
        return any(base.startswith("torch.nn.") for base in self.torch_bases(facts))

    @cached_property
    def _mixins(self) -> dict[str, list[str]]:
        """Classes with a ``forward`` from which nothing derives but modules: those; all by key."""
        parts: dict[ClassFacts, list[str]] = {}
        others: set[ClassFacts] = set()
        for module in self.modules.values():
            for facts in module.classes.values():
                is_module = self._is_module(facts)
                for base in self.base_classes(facts):
                    if base is facts or "forward" not in base.methods:
                        continue
                    if is_module:
                        parts.setdefault(base, []).append(facts.key)
                    else:
                        others.add(base)
        return {
            facts.key: users
            for facts, users in parts.items()
            if facts not in others and not self.torch_bases(facts)
        }

    def method(self, facts: ClassFacts, name: str) -> tuple[ClassFacts, Function] | None:
        """A method by name, inherited ones included, with the class that defines it."""
        for current in self.base_classes(facts):
            if name in current.methods:
                return current, current.methods[name]
        return None

    def has_method(self, name: str) -> bool:
        """Whether any class defines a method of a name."""
        return any(
            name in facts.methods
            for module in self.modules.values()
            for facts in module.classes.values()
        )

    def attribute(self, facts: ClassFacts, name: str) -> Kind:
        """Kind of ``self.name`` in a class, inherited ones included."""
        for current in self.base_classes(facts):
            if name in current.attributes:
                return current.attributes[name]
        users = (self.class_by_key(key) for key in self._mixins.get(facts.key, ()))
        found = [self.attribute(user, name) for user in users if user is not None]
        known = [kind for kind in found if kind != UNKNOWN]
        return join(*known) if known else UNKNOWN
