"""Which of its parameters a function changes in place: their callers see the change in PyTorch."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tojax.source.facts import ClassFacts, Function, ModuleFacts, has_decorator, parameters
from tojax.source.names import is_torch
from tojax.source.program import Program
from tojax.source.trees import walk

# What of a tensor is the same memory, and can stand between a parameter and a write.
_SAME_MEMORY = {"data", "detach", "view", "flatten", "squeeze", "unsqueeze", "t", "T"}
_CHANGING = (ast.Call, ast.Assign, ast.AugAssign)
# Calls are followed into their callees up to this depth.
_DEPTH = 25
_VARIABLE_ATTRIBUTES = {"data", "requires_grad", "grad"}


class Writes:
    """Answers for the functions of a program, by their code alone; remembers what it found."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._found: dict[Function, frozenset[str]] = {}
        self._depth = 0

    def forget(self) -> None:
        """Look anew from here on."""
        self._found.clear()

    def of(
        self, module: ModuleFacts, function: Function, owner: ClassFacts | None = None
    ) -> frozenset[str]:
        """The parameters that a function changes in place or keeps as an attribute.

        What it hands on to another function of the program that does so is among them.
        """
        if function not in self._found:
            if self._depth > _DEPTH:
                return frozenset()
            self._depth += 1
            self._found[function] = frozenset()  # of a recursive call nothing is known
            names = {parameter.arg for parameter in parameters(function.args)}
            written = [w for w in self._written(module, function, owner) if w[0] in names]
            rebound = _rebindings(function) if written else {}
            self._found[function] = frozenset(
                name for name, place in written if rebound.get(name, place.lineno) >= place.lineno
            )
            self._depth -= 1
        return self._found[function]

    def names(
        self, module: ModuleFacts, function: Function, owner: ClassFacts | None = None
    ) -> frozenset[str]:
        """The names, local ones too, behind what a function changes in place."""
        return frozenset(name for name, _ in self._written(module, function, owner))

    def arguments(
        self,
        module: ModuleFacts,
        call: ast.Call,
        owner: ClassFacts | None = None,
        nested: Function | None = None,
    ) -> Iterator[tuple[ast.expr, Function, str]]:
        """The arguments of a call that the user's code writes to: with callee and parameter.

        ``owner`` is the class whose method the call is in, ``nested`` the function inside another
        that it may reach.
        """
        callee = self._callee(module, call.func, owner)
        if callee is None and nested is not None:
            callee = module, nested, None
        if callee is None:
            return
        home, function, holder = callee
        written = self.of(home, function, holder)
        ordered = [*function.args.posonlyargs, *function.args.args]
        if holder is not None and not has_decorator(function, "staticmethod"):
            ordered = ordered[1:]
        for parameter, argument in zip(ordered, call.args, strict=False):
            if isinstance(argument, ast.Starred):
                break
            if parameter.arg in written:
                yield argument, function, parameter.arg
        yield from ((k.value, function, k.arg) for k in call.keywords if k.arg in written)

    def is_in_place(self, module: ModuleFacts, function: Function, name: str) -> bool:
        """Whether a function surely is for parameters of modules: ``trunc_normal_(tensor)``.

        Its name says so, or it initialises, or it writes where no gradients are taken.
        """
        if _is_in_place(function.name):
            return True
        for node in walk(function):
            called = node.func if isinstance(node, ast.Call) else None
            qualified = (module.qualified(called) or "") if called is not None else ""
            if qualified == "torch.no_grad":
                return True
            if qualified.startswith("torch.nn.init.") and isinstance(node, ast.Call):
                if any(_behind(argument) == name for argument in node.args[:1]):
                    return True
        return False

    def _callee(
        self, module: ModuleFacts, func: ast.expr, owner: ClassFacts | None
    ) -> tuple[ModuleFacts, Function, ClassFacts | None] | None:
        match func:
            case ast.Name(id=name):
                member = self._program.member(module, name)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name) if owner is not None:
                found = self._program.method(owner, name)
                return (found[0].module, found[1], found[0]) if found is not None else None
            case ast.Attribute():
                member = self._program.find(module.qualified(func) or "")
            case _:
                return None
        if isinstance(member, ClassFacts):
            constructor = self._program.method(member, "__init__")
            if constructor is None:
                return None
            return constructor[0].module, constructor[1], constructor[0]
        return (*member, None) if member is not None else None

    def _written(
        self, module: ModuleFacts, function: Function, owner: ClassFacts | None
    ) -> Iterator[tuple[str, ast.expr]]:
        """The names behind what a function writes to, each with the place."""
        for node in walk(function):
            if isinstance(node, _CHANGING):
                for place in self._places(module, node, owner):
                    name = _behind(place)
                    if name:
                        yield name, place

    def _places(
        self, module: ModuleFacts, node: ast.AST, owner: ClassFacts | None
    ) -> Iterator[ast.expr]:
        match node:
            case ast.Call(func=ast.Attribute(value=base, attr=attr)) if _is_in_place(attr):
                name = module.qualified(node.func) or ""
                if not is_torch(name):
                    yield base
                elif node.args:
                    yield node.args[0]
            case ast.Call(func=ast.Name()) if _is_in_place(
                (module.qualified(node.func) or "").rpartition(".")[2]
            ) and is_torch(module.qualified(node.func) or ""):
                yield from node.args[:1]
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    match target:
                        case ast.Subscript(value=base):
                            yield base
                        case ast.Attribute(value=base, attr=attr):
                            if attr in _VARIABLE_ATTRIBUTES:
                                yield base
                            if isinstance(value, ast.Name):
                                yield value
            case ast.AugAssign(target=ast.Subscript(value=base)):
                yield base
            case ast.AugAssign(target=ast.Name() as base):
                yield base
        if isinstance(node, ast.Call):
            yield from (argument for argument, *_ in self.arguments(module, node, owner))


def _is_in_place(name: str) -> bool:
    return name.endswith("_") and not name.endswith("__")


def _behind(node: ast.expr) -> str:
    """The name of the array that an expression is, or is a view of."""
    while True:
        match node:
            case ast.Name(id=name):
                return name
            case ast.Subscript(value=inner) | ast.Attribute(value=inner, attr="data" | "T"):
                node = inner
            case ast.Call(func=ast.Attribute(value=inner, attr=attr)) if (
                attr in _SAME_MEMORY or _is_in_place(attr)
            ):
                node = inner
            case _:
                return ""


def _rebindings(function: Function) -> dict[str, int]:
    """The lines from which on names are something else than what the function was given."""
    found: dict[str, int] = {}
    for node in walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found[target.id] = min(node.lineno, found.get(target.id, node.lineno))
    return found
