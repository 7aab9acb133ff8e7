"""Inference of statements: what they bind, and how branches come together."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from tojax.source.facts import ClassFacts, Function
from tojax.source.inference.narrowing import narrowing
from tojax.source.inference.scope import Scope
from tojax.source.inference.walker import Walker
from tojax.source.kinds import (
    ARRAY,
    NONE,
    NUMPY,
    PARAMETER,
    UNKNOWN,
    Kind,
    is_array,
    iterated,
    join,
)
from tojax.source.names import is_torch
from tojax.source.trees import children, walk


class StatementKinds:
    """Infers statements in order; a scope then holds what its names are."""

    def __init__(self, walker: Walker) -> None:
        self._walker = walker
        self._program = walker.program
        self._records = walker.records
        self._handlers: dict[type, Callable[..., None]] = {
            getattr(ast, name.removeprefix("_on_")): getattr(self, name)
            for name in dir(self)
            if name.startswith("_on_")
        }

    def statements(self, body: list[ast.stmt], scope: Scope) -> None:
        """Infer statements in order."""
        for statement in body:
            handler = self._handlers.get(type(statement))
            if handler is not None:
                handler(statement, scope)
            else:
                for child in children(statement):
                    if isinstance(child, ast.expr):
                        self._walker.expression(child, scope)

    # definitions

    def _on_FunctionDef(self, node: Function, scope: Scope) -> None:
        for decorator in node.decorator_list:
            self._walker.expression(decorator, scope)
        if scope.function is not None:
            scope.env[node.name] = Kind("local", name=node.name)
            scope.local_functions[node.name] = node
            self._walker.function_return(scope.module, node, None, scope)

    _on_AsyncFunctionDef = _on_FunctionDef

    def _on_ClassDef(self, node: ast.ClassDef, scope: Scope) -> None:
        facts = scope.module.class_of.get(node)
        for expression in [*node.decorator_list, *node.bases]:
            if not self._is_imported_base(expression, facts):
                self._walker.expression(expression, scope)
        inner = Scope(scope.module, owner=None, outer=scope)
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                for decorator in statement.decorator_list:
                    self._walker.expression(decorator, scope)
            elif isinstance(statement, ast.ClassDef):
                self._on_ClassDef(statement, inner)
            else:
                self.statements([statement], inner)
        if facts is not None:
            for name, kind in inner.env.items():
                self._records.hold(facts, name, kind)
            if facts.label != facts.name:  # from here on the name means another class
                scope.env[node.name] = Kind("class", name=facts.key)

    def _is_imported_base(self, base: ast.expr, facts: ClassFacts | None) -> bool:
        """Whether a class takes the name of its base: ``class Dataset(Dataset)``, of PyTorch's."""
        if not isinstance(base, ast.Name) or facts is None or base.id != facts.label:
            return False
        imported = facts.module.imports.get(base.id, "")
        if is_torch(imported):
            self._records.names[base] = imported
            self._records.kinds[base] = Kind("torch", name=imported)
        return is_torch(imported)

    def _on_Return(self, node: ast.Return, scope: Scope) -> None:
        value = self._walker.expression(node.value, scope) if node.value else NONE
        scope.returns.append(value)

    def _on_Expr(self, node: ast.Expr, scope: Scope) -> None:
        self._walker.expression(node.value, scope)
        match node.value:
            case ast.Call(
                func=ast.Attribute(value=container, attr="append" | "insert"), args=[*_, item]
            ):
                self._add(container, self._records.kind(item), scope)
            case ast.Call(func=ast.Attribute(value=container, attr="extend"), args=[items]):
                self._add(container, iterated(self._records.kind(items)), scope)

    def _add(self, container: ast.expr, item: Kind, scope: Scope) -> None:
        """A list or a container of layers holds one more ``item``."""
        held = self._records.kind(container)
        if held.tag in ("list", "modules"):
            self.bind(container, replace(held, items=(join(*held.items, item),)), scope)

    # assignments

    def _on_Assign(self, node: ast.Assign, scope: Scope) -> None:
        kind = self._walker.expression(node.value, scope)
        for target in node.targets:
            self.bind(target, self._unpacked(node.value, kind, target), scope)

    def _unpacked(self, value: ast.expr, kind: Kind, target: ast.expr) -> Kind:
        """What a target takes of a call: the returns that have as many items as it has."""
        if kind != UNKNOWN or not isinstance(value, ast.Call):
            return kind
        callee = self._callee(value)
        if callee is None or not isinstance(target, ast.Tuple | ast.List):
            return kind
        if any(isinstance(item, ast.Starred) for item in target.elts):
            return kind
        return self._walker.returned_items(callee, len(target.elts))

    def _callee(self, call: ast.Call) -> Function | None:
        """The one function of the user's that a call reaches, of a layer its ``forward``."""
        match self._records.callees.get(call):
            case [ast.FunctionDef() | ast.AsyncFunctionDef() as callee]:
                return callee
            case None:
                kind = self._records.kind(call.func)
                facts = self._program.class_of(kind) if kind.tag == "module" else None
                found = self._program.method(facts, "forward") if facts is not None else None
                return found[1] if found is not None else None
        return None

    def _on_AnnAssign(self, node: ast.AnnAssign, scope: Scope) -> None:
        self._walker.expression(node.annotation, scope)
        kind = self._program.annotated_kind(node.annotation, scope.module)
        if node.value is not None:
            value = self._walker.expression(node.value, scope)
            kind = value if value not in (UNKNOWN, NONE) else kind
        self.bind(node.target, kind, scope)

    def _on_AugAssign(self, node: ast.AugAssign, scope: Scope) -> None:
        value = self._walker.expression(node.value, scope)
        target = self._walker.expression(node.target, scope)
        if isinstance(node.target, ast.Name):
            if target.tag in ("parameter", "buffer"):
                result = target
            elif is_array(target) or is_array(value):
                result = ARRAY
            else:
                result = NUMPY if NUMPY in (target, value) else join(target, value)
            scope.env[node.target.id] = result

    def bind(self, target: ast.expr, kind: Kind, scope: Scope) -> None:
        """Record that ``target`` now holds a value of ``kind``."""
        match target:
            case ast.Name(id=name):
                kind = PARAMETER if target in self._records.trained else kind
                scope.env[name] = kind
                self._records.kinds[target] = kind
            case ast.Tuple(elts=items) | ast.List(elts=items):
                starred = any(isinstance(item, ast.Starred) for item in items)
                for number, item in enumerate(items):
                    self.bind(item, iterated(kind) if starred else kind.item(number), scope)
            case ast.Starred(value=inner_target):
                self.bind(inner_target, Kind("list", (iterated(kind),)), scope)
            case ast.Attribute(value=base, attr=attr):
                kind = PARAMETER if target in self._records.trained else kind
                holder = self._walker.expression(base, scope)
                owner = self._program.class_of(holder)
                self._records.kinds[target] = kind
                is_mode = attr == "training" and holder.tag == "module"
                if owner is not None and not is_mode:
                    self._records.hold(owner, attr, kind)
                else:
                    self._walker.expression(target, scope)
            case _:
                self._walker.expression(target, scope)

    # control flow

    def _on_For(self, node: ast.For | ast.AsyncFor, scope: Scope) -> None:
        iterable = self._walker.expression(node.iter, scope)
        self.bind(node.target, iterated(iterable), scope)
        self._branches(scope, [node.body], always=False)
        self.statements(node.orelse, scope)

    _on_AsyncFor = _on_For

    def _on_While(self, node: ast.While, scope: Scope) -> None:
        self._walker.expression(node.test, scope)
        self._branches(scope, [node.body], always=False)
        self.statements(node.orelse, scope)

    def _on_If(self, node: ast.If, scope: Scope) -> None:
        self._walker.expression(node.test, scope)
        narrowed = [
            narrowing(node.test, scope, self._program, outcome) for outcome in (True, False)
        ]
        before = dict(scope.env)
        self._branches(scope, [node.body, node.orelse], always=True, narrowed=narrowed)
        rejoins = not _leaves(node.body) and not _leaves(node.orelse)
        for name in {*narrowed[0], *narrowed[1]} & before.keys():
            is_narrow = scope.env.get(name) in (narrowed[0].get(name), narrowed[1].get(name))
            if rejoins and is_narrow and not _assigned(name, [*node.body, *node.orelse]):
                scope.env[name] = before[name]

    def _on_With(self, node: ast.With | ast.AsyncWith, scope: Scope) -> None:
        for item in node.items:
            kind = self._walker.expression(item.context_expr, scope)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, kind, scope)
        self.statements(node.body, scope)

    _on_AsyncWith = _on_With

    def _on_Try(self, node: ast.Try, scope: Scope) -> None:
        self.statements(node.body, scope)
        for handler in node.handlers:
            if handler.type is not None:
                self._walker.expression(handler.type, scope)
            self.statements(handler.body, scope)
        self.statements(node.orelse, scope)
        self.statements(node.finalbody, scope)

    def _on_Match(self, node: ast.Match, scope: Scope) -> None:
        self._walker.expression(node.subject, scope)
        self._branches(scope, [case.body for case in node.cases], always=False)

    def _branches(
        self,
        scope: Scope,
        bodies: list[list[ast.stmt]],
        *,
        always: bool,
        narrowed: list[dict[str, Kind]] | None = None,
    ) -> None:
        """Infer blocks of which one runs (or perhaps none, if not ``always``), and join them."""
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


def _leaves(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Return | ast.Raise | ast.Continue | ast.Break)


def _assigned(name: str, body: list[ast.stmt]) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        for statement in body
        for node in walk(statement)
    )
