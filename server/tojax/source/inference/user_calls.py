"""Kinds of calls of the user's own functions, methods and classes."""

from __future__ import annotations

import ast

from tojax.source.facts import Function, has_decorator
from tojax.source.inference.scope import Scope
from tojax.source.inference.walker import Walker
from tojax.source.kinds import ARRAY, LAYER, UNKNOWN, Kind


class UserCalls:
    """Infers calls by going into the callee, and records what it is given."""

    def __init__(self, walker: Walker) -> None:
        self._walker = walker
        self._program = walker.program
        self._records = walker.records

    def call(
        self,
        node: ast.Call,
        function: Kind,
        arguments: list[Kind],
        keywords: dict[str, Kind],
        scope: Scope,
    ) -> Kind:
        """Kind of what a call returns.

        Args:
            node: the call.
            function: kind of the callee: a class, a function, a method or a nested function.
            arguments: kinds of the positional arguments.
            keywords: kinds of the others.
            scope: the names that are visible at the call.
        """
        if function.tag == "class":
            return self._instance(node, function, arguments, keywords)
        if function.tag == "local":
            target = scope.local_function(function.name)
            if target is None:
                return UNKNOWN
            self._reach(node, target, arguments, keywords)
            return self._walker.function_return(scope.module, target, None, scope)
        if function.tag == "method":
            return self._method(node, function, arguments, keywords)
        return self._function(node, function, arguments, keywords)

    def _reach(
        self,
        node: ast.Call,
        target: Function,
        arguments: list[Kind],
        keywords: dict[str, Kind],
        skip: int = 0,
    ) -> None:
        self._records.add_callee(node, target)
        self._records.add_arguments(target, node, arguments, keywords, skip)

    def _function(
        self, node: ast.Call, function: Kind, arguments: list[Kind], keywords: dict[str, Kind]
    ) -> Kind:
        home, _, name = function.name.partition(":")
        module = self._program.modules.get(home)
        definition = module.functions.get(name) if module else None
        if module is None or definition is None:
            return UNKNOWN
        self._reach(node, definition, arguments, keywords)
        return self._walker.function_return(module, definition, None)

    def _method(
        self, node: ast.Call, function: Kind, arguments: list[Kind], keywords: dict[str, Kind]
    ) -> Kind:
        key, _, name = function.name.rpartition(".")
        facts = self._program.class_by_key(key)
        found = self._program.method(facts, name) if facts else None
        if found is None:
            return UNKNOWN
        owner, method = found
        skip = 0 if has_decorator(method, "staticmethod") else 1
        self._reach(node, method, arguments, keywords, skip)
        return self._walker.function_return(owner.module, method, owner)

    def inherited(
        self,
        node: ast.Call,
        name: str,
        arguments: list[Kind],
        keywords: dict[str, Kind],
        scope: Scope,
    ) -> Kind:
        """Kind of what ``super().method()`` returns; ``name`` is ``"super.method"``."""
        method = name.removeprefix("super.")
        if scope.owner is None or method == "__init__":
            return UNKNOWN
        for base in list(self._program.base_classes(scope.owner))[1:]:
            if method in base.methods:
                bound = Kind("method", name=f"{base.key}.{method}")
                return self._method(node, bound, arguments, keywords)
        layers = self._program.torch_bases(scope.owner)
        is_call = method == "forward" and layers
        return self._walker.rules.layer_result(layers[0]) if is_call else UNKNOWN

    def _instance(
        self, node: ast.Call, function: Kind, arguments: list[Kind], keywords: dict[str, Kind]
    ) -> Kind:
        """A class is called, or one of several (``function`` then has no name, but items)."""
        for option in [function] if function.name else function.items:
            facts = self._program.class_of(option)
            constructor = self._program.method(facts, "__init__") if facts else None
            if constructor is not None:
                owner, method = constructor
                self._records.add_arguments(method, node, arguments, keywords, skip=1)
                self._walker.function_return(owner.module, method, owner)
            if facts is not None:
                self._records.add_callee(node, facts)
            elif option.tag == "user":
                self._function(node, option, arguments, keywords)
        facts = self._program.class_of(function)
        if facts is not None:
            return self._program.instance_kind(facts)
        layers = [f for o in function.items if (f := self._program.class_of(o)) is not None]
        is_layer = any(map(self._program.is_layer, layers))
        return Kind("module") if is_layer or not layers else UNKNOWN

    def layer(
        self, node: ast.Call, kind: Kind, arguments: list[Kind], keywords: dict[str, Kind]
    ) -> Kind:
        """Kind of what calling a layer returns, PyTorch's or the user's."""
        facts = self._program.class_of(kind)
        if facts is None:
            return UNKNOWN if kind == LAYER else self._walker.rules.layer_result(kind.name)
        found = self._program.method(facts, "forward")
        if found is None:
            return ARRAY
        owner, forward = found
        self._records.add_arguments(forward, node, arguments, keywords, skip=1)
        return self._walker.function_return(owner.module, forward, owner)
