"""Kinds of a function's parameters: by annotation, default, callers, and how they are used."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace

from tojax.source.annotations import annotation_kind
from tojax.source.facts import ClassFacts, Function, ModuleFacts, has_decorator, parameters
from tojax.source.inference.evidence import parameter_evidence
from tojax.source.inference.scope import Scope
from tojax.source.inference.walker import Walker
from tojax.source.kinds import (
    ARRAY,
    DEVICE,
    NONE,
    NUMPY,
    PARAMETER,
    UNKNOWN,
    Kind,
    join,
)
from tojax.source.names import is_torch
from tojax.source.writes import Writes


@dataclass
class Signature:
    """How a function was last inferred: where, and what its callers had ``told`` of parameters."""

    module: ModuleFacts
    owner: ClassFacts | None
    outer: Scope | None
    told: dict[str, Kind] = field(default_factory=dict)


class ParameterKinds:
    """Opens the scopes of functions."""

    def __init__(self, walker: Walker) -> None:
        self._walker = walker
        self._program = walker.program
        self._records = walker.records
        self.writes = Writes(walker.program)
        self._evidence: dict[Function, dict[str, Kind]] = {}
        self.signatures: dict[Function, Signature] = {}

    def forget(self) -> None:
        """Forget how functions were inferred: another run sees them with other eyes."""
        self.signatures.clear()
        self._evidence.clear()
        self.writes.forget()

    def function_scope(
        self,
        module: ModuleFacts,
        function: Function,
        owner: ClassFacts | None,
        outer: Scope | None,
    ) -> Scope:
        """The scope of a function's body, with the kinds of its parameters.

        Args:
            module: the file that the function is in.
            function: the function.
            owner: the class whose method it is.
            outer: the scope that a nested function is defined in.
        """
        scope = Scope(module, owner=owner, function=function, outer=outer)
        definition_scope = outer or Scope(module, env=module.globals)
        signature = Signature(module, owner, outer)
        named = parameters(function.args)
        if owner is not None and self._bind_receiver(function, owner, scope):
            named = named[1:]
        defaults = _defaults(function.args)
        unknown: dict[str, ast.expr | None] = {}
        for parameter in named:
            default = defaults.get(parameter.arg)
            kind = self._declared(function, parameter, default, definition_scope, signature)
            if kind.present() in (ARRAY, UNKNOWN) and self._is_variable(
                function, parameter, signature
            ):
                kind = PARAMETER
            scope.env[parameter.arg] = kind
            if kind in (UNKNOWN, NONE) or kind.tag == "torch":
                unknown[parameter.arg] = default
                told = self._records.from_calls(function, parameter.arg)
                signature.told.setdefault(parameter.arg, told)
        if unknown:
            self._fill_unknown(function, scope, unknown)
        self._bind_starred(function.args, scope, definition_scope)
        if function.returns is not None:
            self._walker.expression(function.returns, definition_scope)
        self.signatures[function] = signature
        return scope

    def _bind_receiver(self, function: Function, owner: ClassFacts, scope: Scope) -> bool:
        """Bind ``self`` or ``cls``; tells whether there is one."""
        ordered = [*function.args.posonlyargs, *function.args.args]
        if has_decorator(function, "staticmethod") or not ordered:
            return False
        of_class = has_decorator(function, "classmethod")
        own = Kind("class", name=owner.key) if of_class else self._program.instance_kind(owner)
        scope.env[ordered[0].arg] = own
        return True

    def _declared(
        self,
        function: Function,
        parameter: ast.arg,
        default: ast.expr | None,
        scope: Scope,
        signature: Signature,
    ) -> Kind:
        """The kind that annotation and default give a parameter."""
        if parameter.annotation is not None:
            self._walker.expression(parameter.annotation, scope)
        kind = self._program.annotated_kind(parameter.annotation, signature.module)
        if kind == UNKNOWN:
            told = self._records.from_calls(function, parameter.arg)
            signature.told[parameter.arg] = told
        if default is None:
            return kind
        default_kind = self._walker.expression(default, scope)
        if default_kind == NONE:
            return join(kind, NONE)
        if kind == UNKNOWN:
            passed = self._records.passed(function, parameter.arg)
            return join(default_kind, *map(_value, passed))
        return kind

    def _is_variable(self, function: Function, parameter: ast.arg, signature: Signature) -> bool:
        """Whether a function is given a variable of a module, in order to change it in place."""
        module, name = signature.module, parameter.arg
        if name not in self.writes.of(module, function, signature.owner):
            return False
        told = self._records.from_calls(function, name)
        signature.told[name] = told
        if told == UNKNOWN:
            return self.writes.is_in_place(module, function, name)
        return told.tag in ("parameter", "buffer")

    def _told(self, function: Function, name: str) -> Kind:
        """What the calls give for a parameter: of a module's variable, the value."""
        return _value(self._records.from_calls(function, name))

    def _bind_starred(self, arguments: ast.arguments, scope: Scope, outer: Scope) -> None:
        """Bind ``*rest`` and ``**rest``."""
        for starred in (arguments.vararg, arguments.kwarg):
            if starred is not None and starred.annotation is not None:
                self._walker.expression(starred.annotation, outer)
        if arguments.vararg is not None:
            declared = annotation_kind(arguments.vararg.annotation, scope.module.qualified)
            items = () if declared == UNKNOWN else (declared,)
            scope.env[arguments.vararg.arg] = Kind("list", items)
        if arguments.kwarg is not None:
            scope.env[arguments.kwarg.arg] = Kind("dict")

    def _fill_unknown(
        self, function: Function, scope: Scope, unknown: dict[str, ast.expr | None]
    ) -> None:
        """Give parameters that nothing declares the kind that callers or uses tell."""
        evidence = self._evidence_in(function, scope.module)
        is_forward = function.name == "forward" and scope.owner is not None
        for name, default in unknown.items():
            called = self._told(function, name)
            if called != UNKNOWN:
                scope.env[name] = called
            elif name == "device":
                scope.env[name] = DEVICE
            elif name in evidence:
                if evidence[name] != UNKNOWN:
                    scope.env[name] = evidence[name]
            elif is_forward and scope.env[name] in (UNKNOWN, NONE):
                scope.env[name] = ARRAY
            if scope.env[name] not in (UNKNOWN, NONE) and _is_none(default):
                scope.env[name] = join(scope.env[name], NONE)

    def _evidence_in(self, function: Function, module: ModuleFacts) -> dict[str, Kind]:
        """What the uses of parameters say; looked for once."""

        def first_argument(call: ast.Call) -> Kind:
            name = module.qualified(call.func) or ""
            if name.startswith("numpy."):
                return NUMPY
            return self._walker.rules.first_argument(name) if is_torch(name) else UNKNOWN

        evidence = self._evidence.get(function)
        if evidence is None:
            names = {parameter.arg for parameter in parameters(function.args)}
            tensor_names = self._walker.rules.tensor_names
            evidence = parameter_evidence(
                function, names, tensor_names, first_argument, self._walker.rules.may_be_method
            )
            self._evidence[function] = evidence
        return evidence


def _value(kind: Kind) -> Kind:
    """The kind of a variable's value."""
    return replace(kind, tag="array") if kind.tag in ("parameter", "buffer") else kind


def _defaults(arguments: ast.arguments) -> dict[str, ast.expr]:
    """The defaults of parameters, by name."""
    ordered = [*arguments.posonlyargs, *arguments.args]
    with_default = ordered[len(ordered) - len(arguments.defaults) :]
    pairs = [*zip(with_default, arguments.defaults, strict=True)]
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    pairs += [(parameter, default) for parameter, default in named if default is not None]
    return {parameter.arg: default for parameter, default in pairs}


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
