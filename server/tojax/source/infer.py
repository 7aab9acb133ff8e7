"""Kind inference: one walk over the statements of every function, call by call.

The result is two tables, node → `Kind` and node → qualified PyTorch name; both the constructs that
`tojax check` reports and the translation read them.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

from tojax.rules.index import RuleIndex
from tojax.source.annotations import annotation_kind
from tojax.source.evidence import parameter_evidence
from tojax.source.expressions import ExpressionKinds
from tojax.source.facts import ClassFacts, Effects, Function, Home, ModuleFacts
from tojax.source.kinds import (
    ARRAY,
    DEVICE,
    INT,
    NONE,
    NUMPY,
    STR,
    UNKNOWN,
    Kind,
    is_array,
    join,
)
from tojax.source.names import is_torch
from tojax.source.program import Program
from tojax.source.scope import Scope

# Inference follows a call into its callee up to this depth; further ones wait for their own turn.
_DEPTH = 25


@dataclass
class _Signature:
    """How a function was last inferred: where, and what its callers had told about parameters."""

    module: ModuleFacts
    owner: ClassFacts | None
    outer: Scope | None
    told: dict[str, Kind] = field(default_factory=dict)


class Inference(ExpressionKinds):
    """Kinds and PyTorch names of every expression of a program.

    ``homes`` tells in which part of a file each statement, function and method of the top level is;
    ``effects`` are then kept part by part.
    """

    def __init__(
        self,
        program: Program,
        index: RuleIndex,
        homes: Mapping[ast.AST, Home] | None = None,
    ) -> None:
        super().__init__(program, index, homes or {})
        self.returns: dict[Function, Kind] = {}
        self._signatures: dict[Function, _Signature] = {}
        self._running: set[Function] = set()
        self._evidence: dict[Function, dict[str, Kind]] = {}

    def run(self, known: Container[ast.Module] = ()) -> None:
        """Infer the whole program; call sites tell callees what annotations left open.

        Args:
            known: parts that are left out, as all about them has been told.
        """

        def is_known(node: ast.AST) -> bool:
            home = self.homes.get(node)
            return home is not None and home.part in known

        modules = self.program.in_import_order()
        for module in modules:
            scope = Scope(module, env=module.globals)
            for statement in module.tree.body:
                if not is_known(statement):
                    self._enter(statement)
                    self.statements([statement], scope)
        for module in modules:
            for function, owner in _definitions(module):
                if not is_known(function):
                    self.function_return(module, function, owner)
        for _ in range(2):
            stale = [
                function
                for function, signature in self._signatures.items()
                if not is_known(function)
                and any(
                    self._from_calls(function, name) != kind
                    for name, kind in signature.told.items()
                )
            ]
            if not stale:
                break
            for function in stale:
                self.returns.pop(function, None)
            for function in stale:
                signature = self._signatures[function]
                self.function_return(signature.module, function, signature.owner, signature.outer)

    def _enter(self, node: ast.AST) -> Effects:
        """Effects from here on are those of the part that ``node`` is in; returns the former."""
        former = self._part
        home = self.homes.get(node)
        if home is not None:
            self._part = self.effects.setdefault(home.part, Effects())
        return former

    # functions

    def function_return(
        self,
        module: ModuleFacts,
        function: Function,
        owner: ClassFacts | None,
        outer: Scope | None = None,
    ) -> Kind:
        """Kind of what a call returns; infers the body the first time."""
        if function in self.returns:
            return self.returns[function]
        if function in self._running or len(self._running) > _DEPTH:
            return annotation_kind(function.returns, module.qualified)
        self._running.add(function)
        former = self._enter(function)
        scope = self._function_scope(module, function, owner, outer)
        self.statements(function.body, scope)
        self._part = former
        self._running.discard(function)
        declared = annotation_kind(function.returns, module.qualified)
        inferred = join(*scope.returns) if scope.returns else NONE
        result = declared if inferred in (UNKNOWN, NONE) and declared != UNKNOWN else inferred
        self.returns[function] = result
        return result

    def _function_scope(
        self,
        module: ModuleFacts,
        function: Function,
        owner: ClassFacts | None,
        outer: Scope | None,
    ) -> Scope:
        scope = Scope(module, owner=owner, function=function, outer=outer)
        arguments = function.args
        ordered = [*arguments.posonlyargs, *arguments.args]
        decorators = {d.id for d in function.decorator_list if isinstance(d, ast.Name)}
        if owner is not None and "staticmethod" not in decorators and ordered:
            of_class = "classmethod" in decorators
            own = Kind("class", name=owner.key) if of_class else self.instance_kind(owner)
            scope.env[ordered[0].arg] = own
            ordered = ordered[1:]
        defaults: dict[str, ast.expr] = dict(
            zip(
                (a.arg for a in ordered[len(ordered) - len(arguments.defaults) :]),
                arguments.defaults,
                strict=False,
            )
        )
        for keyword, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            ordered.append(keyword)
            if default is not None:
                defaults[keyword.arg] = default
        definition_scope = outer or Scope(module, env=module.globals)
        unknown: dict[str, ast.expr | None] = {}
        told: dict[str, Kind] = {}
        for parameter in ordered:
            if parameter.annotation is not None:
                self.annotation(parameter.annotation, definition_scope)
            kind = annotation_kind(parameter.annotation, module.qualified)
            if kind == UNKNOWN and parameter.annotation is not None:
                kind = self.user_annotation(parameter.annotation, module)
            if kind == UNKNOWN:
                told[parameter.arg] = self._from_calls(function, parameter.arg)
            default_node = defaults.get(parameter.arg)
            if default_node is not None:
                default_kind = self.expression(default_node, definition_scope)
                if default_kind == NONE:
                    kind = join(kind, NONE)
                elif kind == UNKNOWN:
                    sites = self.call_sites.get((function, parameter.arg), [])
                    kind = join(default_kind, *sites)
            scope.env[parameter.arg] = kind
            if kind in (UNKNOWN, NONE) or (kind.tag == "torch"):
                unknown[parameter.arg] = default_node
                told.setdefault(parameter.arg, self._from_calls(function, parameter.arg))
        self._fill_unknown(module, function, owner, scope, unknown)
        for starred in (arguments.vararg, arguments.kwarg):
            if starred is not None and starred.annotation is not None:
                self.annotation(starred.annotation, definition_scope)
        if arguments.vararg is not None:
            declared = annotation_kind(arguments.vararg.annotation, module.qualified)
            items = () if declared == UNKNOWN else (declared,)
            scope.env[arguments.vararg.arg] = Kind("list", items)
        if arguments.kwarg is not None:
            scope.env[arguments.kwarg.arg] = Kind("dict")
        if function.returns is not None:
            self.annotation(function.returns, definition_scope)
        self._signatures[function] = _Signature(module, owner, outer, told)
        return scope

    def _fill_unknown(
        self,
        module: ModuleFacts,
        function: Function,
        owner: ClassFacts | None,
        scope: Scope,
        unknown: dict[str, ast.expr | None],
    ) -> None:
        if not unknown:
            return

        def first_argument(call: ast.Call) -> Kind:
            name = module.qualified(call.func) or ""
            if name.startswith("numpy."):
                return NUMPY
            return self.rule_takes(name) if is_torch(name) else UNKNOWN

        evidence = self._evidence.get(function)
        if evidence is None:
            names = {argument.arg for argument in _parameters(function)}
            evidence = parameter_evidence(function, names, self.tensor_names, first_argument)
            self._evidence[function] = evidence
        is_forward = function.name == "forward" and owner is not None
        for name in unknown:
            called = self._from_calls(function, name)
            if called != UNKNOWN:
                scope.env[name] = called
            elif name == "device":
                scope.env[name] = DEVICE
            elif name in evidence:
                if evidence[name] != UNKNOWN:
                    scope.env[name] = evidence[name]
            elif is_forward and scope.env[name] in (UNKNOWN, NONE):
                scope.env[name] = ARRAY
            if scope.env[name] not in (UNKNOWN, NONE) and _is_none(unknown[name]):
                scope.env[name] = join(scope.env[name], NONE)

    def _from_calls(self, function: Function, name: str) -> Kind:
        kinds = self.call_sites.get((function, name), [])
        classes = {kind.name for kind in kinds if kind.tag in ("class", "torch")}
        if kinds and len(classes) > 1 and all(kind.tag in ("class", "torch") for kind in kinds):
            return Kind("class", tuple(dict.fromkeys(kinds)), name="")
        return join(*kinds) if kinds else UNKNOWN

    # statements

    def statements(self, body: list[ast.stmt], scope: Scope) -> None:
        """Infer statements in order."""
        for statement in body:
            handler = getattr(self, f"_{type(statement).__name__.lower()}", None)
            if handler is not None:
                handler(statement, scope)
            else:
                for child in ast.iter_child_nodes(statement):
                    if isinstance(child, ast.expr):
                        self.expression(child, scope)

    def _functiondef(self, node: Function, scope: Scope) -> None:
        for decorator in node.decorator_list:
            self.expression(decorator, scope)
        if scope.function is not None:
            scope.env[node.name] = Kind("local", name=node.name)
            scope.local_functions[node.name] = node
            self.function_return(scope.module, node, None, scope)

    _asyncfunctiondef = _functiondef

    def _classdef(self, node: ast.ClassDef, scope: Scope) -> None:
        for expression in [*node.decorator_list, *node.bases]:
            self.expression(expression, scope)
        facts = scope.module.class_of.get(node)
        inner = Scope(scope.module, owner=None, outer=scope)
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                for decorator in statement.decorator_list:
                    self.expression(decorator, scope)
            elif not isinstance(statement, ast.ClassDef):
                self.statements([statement], inner)
        if facts is not None:
            for name, kind in inner.env.items():
                self.hold(facts, name, kind)

    def _return(self, node: ast.Return, scope: Scope) -> None:
        scope.returns.append(self.expression(node.value, scope) if node.value else NONE)

    def _assign(self, node: ast.Assign, scope: Scope) -> None:
        kind = self.expression(node.value, scope)
        for target in node.targets:
            self.bind(target, kind, scope)

    def _annassign(self, node: ast.AnnAssign, scope: Scope) -> None:
        self.annotation(node.annotation, scope)
        kind = annotation_kind(node.annotation, scope.module.qualified)
        if kind == UNKNOWN:
            kind = self.user_annotation(node.annotation, scope.module)
        if node.value is not None:
            value = self.expression(node.value, scope)
            kind = value if value not in (UNKNOWN, NONE) else kind
        self.bind(node.target, kind, scope)

    def _augassign(self, node: ast.AugAssign, scope: Scope) -> None:
        value = self.expression(node.value, scope)
        target = self.expression(node.target, scope)
        if isinstance(node.target, ast.Name):
            if is_array(target) or is_array(value):
                result = ARRAY
            else:
                result = NUMPY if NUMPY in (target, value) else join(target, value)
            scope.env[node.target.id] = result

    def _for(self, node: ast.For | ast.AsyncFor, scope: Scope) -> None:
        iterable = self.expression(node.iter, scope)
        self.bind(node.target, self.element_kind(iterable), scope)
        self._branches(scope, [node.body], always=False)
        self.statements(node.orelse, scope)

    _asyncfor = _for

    def _while(self, node: ast.While, scope: Scope) -> None:
        self.expression(node.test, scope)
        self._branches(scope, [node.body], always=False)
        self.statements(node.orelse, scope)

    def _if(self, node: ast.If, scope: Scope) -> None:
        self.expression(node.test, scope)
        narrowed = [self.narrowing(node.test, scope), self.narrowing(node.test, scope, False)]
        before = dict(scope.env)
        self._branches(scope, [node.body, node.orelse], always=True, narrowed=narrowed)
        rejoins = not _leaves(node.body) and not _leaves(node.orelse)
        for name in {*narrowed[0], *narrowed[1]} & before.keys():
            is_narrow = scope.env.get(name) in (narrowed[0].get(name), narrowed[1].get(name))
            if rejoins and is_narrow and not _assigned(name, [*node.body, *node.orelse]):
                scope.env[name] = before[name]

    def _with(self, node: ast.With | ast.AsyncWith, scope: Scope) -> None:
        for item in node.items:
            kind = self.expression(item.context_expr, scope)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, kind, scope)
        self.statements(node.body, scope)

    _asyncwith = _with

    def _try(self, node: ast.Try, scope: Scope) -> None:
        self.statements(node.body, scope)
        for handler in node.handlers:
            if handler.type is not None:
                self.expression(handler.type, scope)
            self.statements(handler.body, scope)
        self.statements(node.orelse, scope)
        self.statements(node.finalbody, scope)

    def _match(self, node: ast.Match, scope: Scope) -> None:
        self.expression(node.subject, scope)
        self._branches(scope, [case.body for case in node.cases], always=False)

    def _branches(
        self,
        scope: Scope,
        bodies: list[list[ast.stmt]],
        *,
        always: bool,
        narrowed: list[dict[str, Kind]] | None = None,
    ) -> None:
        before = dict(scope.env)
        outcomes: list[dict[str, Kind]] = [] if always else [before]
        for number, body in enumerate(bodies):
            scope.env.clear()
            scope.env.update(before)
            if narrowed:
                scope.env.update(narrowed[number])
            self.statements(body, scope)
            if not _leaves(body):
                outcomes.append(dict(scope.env))
        merged = dict(before) if not outcomes else {}
        for name in dict.fromkeys(name for env in outcomes for name in env):
            merged[name] = join(*(env[name] for env in outcomes if name in env))
        scope.env.clear()
        scope.env.update(merged)

    # binding

    def bind(self, target: ast.expr, kind: Kind, scope: Scope) -> None:
        """Record that ``target`` now holds a value of ``kind``."""
        match target:
            case ast.Name(id=name):
                scope.env[name] = kind
                self.kinds[target] = kind
            case ast.Tuple(elts=items) | ast.List(elts=items):
                starred = any(isinstance(item, ast.Starred) for item in items)
                for number, item in enumerate(items):
                    inner = self.element_kind(kind) if starred else kind.item(number)
                    self.bind(item, inner, scope)
            case ast.Starred(value=inner_target):
                self.bind(inner_target, Kind("list", (self.element_kind(kind),)), scope)
            case ast.Attribute(value=base, attr=attr):
                owner = self.program.class_of(self.expression(base, scope))
                self.kinds[target] = kind
                if owner is not None:
                    self.hold(owner, attr, kind)
            case _:
                self.expression(target, scope)

    def narrowing(self, test: ast.expr, scope: Scope, outcome: bool = True) -> dict[str, Kind]:
        """What a test that came out true (or false) says about names."""
        match test:
            case ast.BoolOp(op=operator, values=values):
                if isinstance(operator, ast.And) != outcome:
                    return {}
                parts = [self.narrowing(value, scope, outcome) for value in values]
                return {name: kind for part in parts for name, kind in part.items()}
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self.narrowing(operand, scope, not outcome)
            case ast.Compare(
                left=ast.Name(id=name),
                ops=[ast.Is() | ast.IsNot() as operator],
                comparators=[ast.Constant(value=None)],
            ):
                kind = scope.lookup(name)
                if kind is not None and isinstance(operator, ast.IsNot) == outcome:
                    return {name: kind.present()}
            case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), classes]):
                options = classes.elts if isinstance(classes, ast.Tuple) else [classes]
                kinds = [self._instance_of(option, scope) for option in options]
                if outcome and kinds and all(kind != UNKNOWN for kind in kinds):
                    joined = join(*kinds)
                    if joined == UNKNOWN and all(kind.tag == "module" for kind in kinds):
                        joined = Kind("module")
                    return {name: joined} if joined != UNKNOWN else {}
        return {}

    def _instance_of(self, node: ast.expr, scope: Scope) -> Kind:
        if isinstance(node, ast.Name) and node.id in ("int", "str"):
            return INT if node.id == "int" else STR
        kind = annotation_kind(node, scope.module.qualified)
        return kind if kind != UNKNOWN else self.user_annotation(node, scope.module)


def _definitions(module: ModuleFacts) -> Iterator[tuple[Function, ClassFacts | None]]:
    """Every function that a module defines, with its class; constructors before other methods."""
    for facts in module.classes.values():
        if "__init__" in facts.methods:
            yield facts.methods["__init__"], facts
        for method in facts.functions:
            yield method, facts
    for function in module.all_functions:
        yield function, None


def _parameters(function: Function) -> list[ast.arg]:
    arguments = function.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def _leaves(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Return | ast.Raise | ast.Continue | ast.Break)


def _assigned(name: str, body: list[ast.stmt]) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        for statement in body
        for node in ast.walk(statement)
    )


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
