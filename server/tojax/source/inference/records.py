"""What inference finds out: about expressions, about calls, and which part of a file told it."""

from __future__ import annotations

import ast
from collections.abc import Container

from tojax.source.facts import ClassFacts, Effects, Function, Home
from tojax.source.kinds import UNKNOWN, Kind, join
from tojax.source.trained_arrays import Place


class Records:
    """Everything that inference writes down.

    ``kinds`` and ``names`` (qualified PyTorch names) are by expression, ``callees`` by call;
    ``effects`` are what each part of a file told, where ``homes`` says which part a statement,
    function or method of the top level is in. ``trained`` are places, where they are bound, whose
    arrays are made parameters; ``written_states`` the state dicts whose arrays a loop changes.
    """

    def __init__(self, homes: dict[ast.AST, Home]) -> None:
        self.kinds: dict[ast.AST, Kind] = {}
        self.names: dict[ast.AST, str] = {}
        self.callees: dict[ast.Call, list[ClassFacts | Function]] = {}
        self.trained: dict[Place, None] = {}
        self.written_states: set[ast.Call] = set()
        self.homes = homes
        self.effects: dict[ast.Module, Effects] = {}
        self._passed: dict[tuple[Function, str], list[Kind]] = {}
        self._current = Effects()

    def kind(self, node: ast.AST | None) -> Kind:
        """Kind of an expression, as far as it was inferred."""
        return self.kinds.get(node, UNKNOWN) if node is not None else UNKNOWN

    def forget_expressions(self) -> None:
        """Forget the expressions, which take the most memory, when nobody asks for them again."""
        for table in (self.kinds, self.names, self.callees):
            table.clear()

    def forget_functions(self, functions: Container[Function]) -> None:
        """Forget what calls passed to functions that are no more."""
        self._passed = {
            key: kinds for key, kinds in self._passed.items() if key[0] not in functions
        }

    # parts of a file

    def enter(self, node: ast.AST) -> Effects:
        """Effects from here on are those of the part that ``node`` is in; returns the former."""
        former = self._current
        home = self.homes.get(node)
        if home is not None:
            self._current = self.effects.setdefault(home.part, Effects())
        return former

    def leave_to(self, former: Effects) -> None:
        """Effects from here on are again what they were before `enter`."""
        self._current = former

    # calls

    def add_callee(self, call: ast.Call, target: ClassFacts | Function) -> None:
        """Record that a call may reach a function or constructor of the user's."""
        targets = self.callees.setdefault(call, [])
        if target not in targets:
            targets.append(target)

    def add_arguments(
        self,
        function: Function,
        call: ast.Call,
        arguments: list[Kind],
        keywords: dict[str, Kind],
        skip: int,
    ) -> None:
        """Remember what a call passes, for parameters that nothing else tells about.

        Args:
            function: the callee.
            call: the call.
            arguments: kinds of its positional arguments.
            keywords: kinds of the others.
            skip: how many parameters are bound already (``self``).
        """
        ordered = [*function.args.posonlyargs, *function.args.args][skip:]
        for parameter, argument, kind in zip(ordered, call.args, arguments, strict=False):
            if isinstance(argument, ast.Starred):
                break
            self._add_argument(function, parameter.arg, self._of_variable(argument, kind))
        for keyword in call.keywords:
            if keyword.arg is not None:
                kind = self._of_variable(keyword.value, keywords[keyword.arg])
                self._add_argument(function, keyword.arg, kind)

    def _of_variable(self, argument: ast.expr, kind: Kind) -> Kind:
        """Kind of an argument; ``weight.data`` gives the callee the variable itself."""
        if isinstance(argument, ast.Attribute) and argument.attr == "data":
            owner = self.kind(argument.value)
            return owner if owner.tag in ("parameter", "buffer") else kind
        return kind

    def _add_argument(self, function: Function, name: str, kind: Kind) -> None:
        if kind == UNKNOWN:
            return
        self.tell(function, name, kind)
        home = self.homes.get(function)
        if home is not None:
            self._current.arguments.append((home.name, name, kind))

    def tell(self, function: Function, name: str, kind: Kind) -> None:
        """Record that a call passes a value of ``kind`` for parameter ``name``."""
        passed = self._passed.setdefault((function, name), [])
        if kind not in passed:
            passed.append(kind)

    def passed(self, function: Function, name: str) -> list[Kind]:
        """The kinds that calls pass for a parameter."""
        return self._passed.get((function, name), [])

    def from_calls(self, function: Function, name: str) -> Kind:
        """What a parameter is by the calls; one of several classes is a class of many names."""
        kinds = self.passed(function, name)
        classes = {kind.name for kind in kinds if kind.tag in ("class", "torch")}
        if kinds and len(classes) > 1 and all(kind.tag in ("class", "torch") for kind in kinds):
            return Kind("class", tuple(dict.fromkeys(kinds)), name="")
        return join(*kinds) if kinds else UNKNOWN

    # attributes

    def hold(self, owner: ClassFacts, name: str, kind: Kind, *, registered: bool = False) -> None:
        """Record that an attribute of a class holds a value."""
        owner.hold(name, kind, registered=registered)
        self._current.attributes.append((owner.key, name, kind, registered))
