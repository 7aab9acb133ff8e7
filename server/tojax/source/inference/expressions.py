"""Kinds of expressions: what each one holds, given the names in scope."""

from __future__ import annotations

import ast
from collections.abc import Callable

from tojax.source.facts import parameters
from tojax.source.inference import operators
from tojax.source.inference.attributes import AttributeKinds, member_kind
from tojax.source.inference.calls import CallKinds
from tojax.source.inference.narrowing import narrowing
from tojax.source.inference.scope import Scope
from tojax.source.inference.walker import Walker
from tojax.source.kinds import (
    BOOL,
    DICT,
    FLOAT,
    FUNCTION,
    INT,
    MASK,
    NONE,
    PARAM_GROUPS,
    SHAPE,
    STR,
    UNKNOWN,
    Kind,
    is_array,
    iterated,
    join,
)
from tojax.source.names import is_tensor_type, is_torch
from tojax.source.trees import children

_CONSTANTS: dict[type, Kind] = {bool: BOOL, int: INT, float: FLOAT, str: STR, type(None): NONE}


class ExpressionKinds:
    """Infers expressions, and records what each is."""

    def __init__(self, walker: Walker) -> None:
        self._walker = walker
        self._program = walker.program
        self._records = walker.records
        self._kinds = walker.records.kinds
        self._handlers: dict[type, Callable[..., Kind]] = {
            getattr(ast, name.removeprefix("_on_")): getattr(self, name)
            for name in dir(self)
            if name.startswith("_on_")
        }
        self._handlers[ast.Attribute] = AttributeKinds(walker).attribute
        self._handlers[ast.Call] = CallKinds(walker).call

    def expression(self, node: ast.expr | None, scope: Scope) -> Kind:
        """Kind of an expression; records it, and the qualified PyTorch name where it has one."""
        if node is None:
            return UNKNOWN
        handler = self._handlers.get(type(node))
        if handler is None:
            for child in children(node):
                if isinstance(child, ast.expr):
                    self.expression(child, scope)
            return UNKNOWN
        kind = handler(node, scope)
        self._kinds[node] = kind
        return kind

    # leaves

    def _on_Constant(self, node: ast.Constant, scope: Scope) -> Kind:
        return _CONSTANTS.get(type(node.value), UNKNOWN)

    def _on_JoinedStr(self, node: ast.JoinedStr, scope: Scope) -> Kind:
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                self.expression(value.value, scope)
                if isinstance(value.format_spec, ast.JoinedStr):
                    self.expression(value.format_spec, scope)
        return STR

    def _on_Name(self, node: ast.Name, scope: Scope) -> Kind:
        name = node.id
        local = scope.lookup(name)
        module = scope.module
        if local in (None, NONE) and module.globals.get(name) == NONE:
            qualified = module.imports.get(name, "")
            if qualified and not is_torch(qualified):  # None only where the import fails
                found = self._program.find(qualified)
                return member_kind(found) if found else Kind("external", name=qualified)
        if local is not None:
            return self._alias(node, local)
        if name in module.globals:
            return self._alias(node, module.globals[name])
        member = self._program.member(module, name)
        if member is not None:
            return member_kind(member)
        if name in module.imports:
            qualified = module.imports[name]
            if is_torch(qualified):
                self._records.names[node] = qualified
                return Kind("torch", name=qualified)
            kind = self._program.global_kind(module, name)
            return kind if kind != UNKNOWN else Kind("external", name=qualified)
        return UNKNOWN

    def _alias(self, node: ast.Name, kind: Kind) -> Kind:
        """A second name of one of PyTorch's types of tensors; it makes them too."""
        if kind.tag == "torch" and is_tensor_type(kind.name):
            self._records.names[node] = kind.name
        return kind

    # operators

    def _on_Subscript(self, node: ast.Subscript, scope: Scope) -> Kind:
        base = self.expression(node.value, scope)
        self.expression(node.slice, scope)
        if is_array(base) and isinstance(node.slice, ast.Compare):
            self._kinds[node.slice] = MASK
        if self._is_param_groups(node):
            self._records.names[node] = "torch.optim.Optimizer.param_groups"
            return PARAM_GROUPS
        return operators.subscript(base, node.slice)

    def _is_param_groups(self, node: ast.Subscript) -> bool:
        """``optimizer.state_dict()["param_groups"]`` is ``optimizer.param_groups``, to read."""
        match node:
            case ast.Subscript(
                value=ast.Call(func=function), slice=ast.Constant(value="param_groups")
            ):
                return self._records.names.get(function) == "torch.optim.Optimizer.state_dict"
        return False

    def _on_Slice(self, node: ast.Slice, scope: Scope) -> Kind:
        for part in (node.lower, node.upper, node.step):
            if part is not None:
                self.expression(part, scope)
        return UNKNOWN

    def _on_BinOp(self, node: ast.BinOp, scope: Scope) -> Kind:
        left = self.expression(node.left, scope)
        return operators.binary(left, node.op, self.expression(node.right, scope))

    def _on_UnaryOp(self, node: ast.UnaryOp, scope: Scope) -> Kind:
        return operators.unary(node.op, self.expression(node.operand, scope))

    def _on_BoolOp(self, node: ast.BoolOp, scope: Scope) -> Kind:
        return join(*[self.expression(value, scope) for value in node.values])

    def _on_Compare(self, node: ast.Compare, scope: Scope) -> Kind:
        kinds = [self.expression(part, scope) for part in (node.left, *node.comparators)]
        return operators.comparison(node.ops, kinds)

    def _on_IfExp(self, node: ast.IfExp, scope: Scope) -> Kind:
        self.expression(node.test, scope)
        return join(self.expression(node.body, scope), self.expression(node.orelse, scope))

    def _on_NamedExpr(self, node: ast.NamedExpr, scope: Scope) -> Kind:
        kind = self.expression(node.value, scope)
        self._walker.bind(node.target, kind, scope)
        return kind

    # displays

    def _on_Tuple(self, node: ast.Tuple, scope: Scope) -> Kind:
        kinds = [self.expression(item, scope) for item in node.elts]
        if any(isinstance(item, ast.Starred) for item in node.elts):
            known = {kind.tag for kind in kinds}
            return SHAPE if known <= {"int", "shape"} else Kind("list", (join(*kinds),), "tuple")
        return Kind("tuple", tuple(kinds))

    def _on_List(self, node: ast.List, scope: Scope) -> Kind:
        kinds = [self.expression(item, scope) for item in node.elts]
        return Kind("list", (join(*kinds),)) if kinds else Kind("list")

    def _on_Set(self, node: ast.Set, scope: Scope) -> Kind:
        for item in node.elts:
            self.expression(item, scope)
        return UNKNOWN

    def _on_Dict(self, node: ast.Dict, scope: Scope) -> Kind:
        values: list[Kind] = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                self.expression(key, scope)
            values.append(self.expression(value, scope))
        told = all(kind.tag in ("class", "user", "dtype") for kind in values)
        return Kind("dict", tuple(dict.fromkeys(values))) if values and told else DICT

    def _on_Starred(self, node: ast.Starred, scope: Scope) -> Kind:
        kind = self.expression(node.value, scope)
        return SHAPE if kind.tag == "shape" else iterated(kind)

    # scopes of their own

    def _comprehension(
        self, generators: list[ast.comprehension], parts: list[ast.expr], scope: Scope
    ) -> list[Kind]:
        inner = Scope(scope.module, scope.owner, scope.function, scope)
        for generator in generators:
            items = iterated(self.expression(generator.iter, inner))
            self._walker.bind(generator.target, items, inner)
            for test in generator.ifs:
                self.expression(test, inner)
                inner.env.update(narrowing(test, inner, self._program))
        return [self.expression(part, inner) for part in parts]

    def _on_ListComp(self, node: ast.ListComp | ast.GeneratorExp, scope: Scope) -> Kind:
        return Kind("list", (self._comprehension(node.generators, [node.elt], scope)[0],))

    _on_GeneratorExp = _on_ListComp

    def _on_SetComp(self, node: ast.SetComp, scope: Scope) -> Kind:
        self._comprehension(node.generators, [node.elt], scope)
        return UNKNOWN

    def _on_DictComp(self, node: ast.DictComp, scope: Scope) -> Kind:
        _, value = self._comprehension(node.generators, [node.key, node.value], scope)
        return Kind("dict", (value,)) if value.tag == "parameter" else DICT

    def _on_Lambda(self, node: ast.Lambda, scope: Scope) -> Kind:
        inner = Scope(scope.module, scope.owner, scope.function, scope)
        for parameter in parameters(node.args):
            inner.env[parameter.arg] = UNKNOWN
        for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.expression(default, scope)
        self.expression(node.body, inner)
        match node.body:
            case ast.Call(func=callee, args=[ast.Name(id=key), *_]) if node.args.args:
                kind = self._kinds.get(callee, UNKNOWN)
                return (
                    kind if kind.tag == "registrar" and key == node.args.args[0].arg else FUNCTION
                )
        return FUNCTION
