"""Where layer classes may get to: what is assigned, passed, returned and put into tables.

The search is by name and blind to the order of statements: it says "may", never "does".
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tojax.source.facts import ClassFacts, Function, parameters
from tojax.source.kinds import ARRAY_LIKE, NUMBERS
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.rngs.layer_values import (
    carriers,
    constructor_of,
    constructs,
    inner_functions,
    is_layer_type,
    qualified_name,
)

Key = tuple[object, str]
_TYPE = re.compile(r"\b[Tt]ype\[([\w.]+)")
_PARAMETER, _ATTRIBUTE, _RETURN = "parameter", "attribute", "return"
_LOOKUPS = {"get", "pop", "setdefault"}
_ITERATORS = {"enumerate", "zip", "list", "tuple", "reversed", "sorted", "iter", "next"}
_VALUES = ARRAY_LIKE | NUMBERS | {"str", "shape", "dtype", "device", "numpy", "module", "modules"}
_PARTIAL = {"functools.partial"}


class LayerFlow:
    """The variables, attributes and results that may hold a layer class or a maker of layers.

    ``instances`` are the attributes that hold what a call returned; ``registered`` the makers that
    a decorator is handed.

    Args:
        contexts: the files of the program.
        makers: the user's functions that return layers.
    """

    def __init__(self, contexts: list[FileContext], makers: set[Function]) -> None:
        self._makers = makers
        self._held: set[Key] = set()
        self._alone: set[Key] = set()  # of these, what may be a class itself and not only a table
        self._parameters: dict[Function, set[str]] = {}
        self._keys: dict[ast.AST, tuple[Key, ...]] = {}
        self.instances: set[Key] = set()
        self.registered: dict[Function | ClassFacts, None] = {}
        flows = [(context, node) for context in contexts for node in carriers(context)]
        before = -1
        while len(self._held) + len(self._alone) != before:
            before = len(self._held) + len(self._alone)
            for context, node in flows:
                self._flow(context, node)

    def _promises(self, context: FileContext, annotation: ast.expr | None) -> bool:
        """Whether an annotation promises a layer class: ``type[nn.Module]``."""
        for name in _TYPE.findall(ast.unparse(annotation)) if annotation is not None else ():
            parsed = ast.parse(name, mode="eval").body
            if (context.facts.qualified(parsed) or "").startswith("torch.nn."):
                return True
            member = context.program.member(context.facts, name)
            if isinstance(member, ClassFacts) and context.program.is_layer(member):
                return True
        return False

    def may(self, context: FileContext, node: ast.expr | None, *, alone: bool = False) -> bool:
        """Whether an expression may hold a layer class, or, unless ``alone``, some in a table."""
        if node is None or context.kind(node).tag in _VALUES:
            return False
        match node:
            case ast.IfExp(body=body, orelse=orelse):
                return any(self.may(context, part, alone=alone) for part in (body, orelse))
            case ast.BoolOp(values=values):
                return any(self.may(context, value, alone=alone) for value in values)
            case ast.Tuple(elts=values) | ast.List(elts=values) | ast.Dict(values=values):
                return not alone and any(self.may(context, value) for value in values)
            case ast.Subscript(value=base) | ast.BinOp(left=base, op=ast.Mult()):
                return self.may(context, base)
            case ast.Call():
                return self._may_return(context, node, alone)
        if is_layer_type(context, context.kind(node)) or self.maker(context, node):
            return True
        held = self._alone if alone else self._held
        return not held.isdisjoint(self.keys(context, node))

    def _may_return(self, context: FileContext, call: ast.Call, alone: bool) -> bool:
        match call.func:
            case ast.Name(id="dict"):
                return not alone and any(self.may(context, k.value) for k in call.keywords)
            case ast.Name(id=name) if name in _ITERATORS:
                return any(self.may(context, argument) for argument in call.args)
            case ast.Attribute(value=base, attr=attr) if attr in _LOOKUPS:
                return self.may(context, base) or any(self.may(context, a) for a in call.args[1:])
        if qualified_name(context, call.func) in _PARTIAL and call.args:
            return self.may(context, call.args[0])
        held = self._alone if alone else self._held
        return any((target, _RETURN) in held for target in context.inference.callees.get(call, []))

    def keys(self, context: FileContext, node: ast.AST) -> tuple[Key, ...]:
        """The variables that a name or attribute may be."""
        if node not in self._keys:
            self._keys[node] = tuple(self._found_keys(context, node))
        return self._keys[node]

    def _found_keys(self, context: FileContext, node: ast.AST) -> Iterator[Key]:
        if isinstance(node, ast.Attribute):
            owner = self._owner(context, node.value)
            if owner is not None:
                yield from ((facts.key, node.attr) for facts in context.program.base_classes(owner))
            elif isinstance(node.value, ast.Name) and node.value.id in context.facts.imports:
                yield context.facts.imports[node.value.id], node.attr
            else:
                yield _ATTRIBUTE, node.attr
        elif isinstance(node, ast.Name):
            function = context.enclosing_function(node)
            while function is not None:
                if node.id in self._own_parameters(function):
                    yield _PARAMETER, node.id
                yield function, node.id
                function = context.enclosing_function(function)
            yield context.facts.name, node.id
            home, _, name = context.facts.imports.get(node.id, "").rpartition(".")
            yield home, name

    def _owner(self, context: FileContext, base: ast.expr) -> ClassFacts | None:
        """The user's class whose attribute ``base.name`` is."""
        if isinstance(base, ast.Name) and base.id in ("self", "cls"):
            node = context.enclosing_class(base)
            return context.facts.class_of.get(node) if node is not None else None
        return context.program.class_of(context.kind(base))

    def _own_parameters(self, function: Function) -> set[str]:
        if function not in self._parameters:
            self._parameters[function] = {p.arg for p in parameters(function.args)}
        return self._parameters[function]

    # how it gets there

    def maker(self, context: FileContext, node: ast.expr) -> Function | None:
        """The user's function that an expression is, if it returns layers."""
        kind = context.kind(node)
        if kind.tag != "user":
            return None
        home, _, name = kind.name.partition(":")
        module = context.program.modules.get(home)
        function = module.functions.get(name) if module is not None else None
        return function if function in self._makers else None

    def _flow(self, context: FileContext, node: ast.AST) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                if self.may(context, value):
                    for target in targets:
                        self._hold(context, target, self.may(context, value, alone=True))
                elif constructs(value):
                    for target in targets:
                        if isinstance(target, ast.Attribute):
                            self.instances.update(self.keys(context, target))
            case ast.AnnAssign(target=target, value=value, annotation=annotation):
                promised = self._promises(context, annotation) or _is_field(context, node)
                if self.may(context, value) or promised:
                    alone = promised or self.may(context, value, alone=True)
                    self._hold(context, target, alone)
            case ast.Return(value=value):
                function = context.enclosing_function(node)
                if function is not None and self.may(context, value):
                    self._add((function, _RETURN), self.may(context, value, alone=True))
            case (
                ast.For(target=target, iter=iterable)
                | ast.comprehension(target=target, iter=iterable)
            ):
                if self.may(context, iterable):
                    self._hold(context, target, alone=True)
            case ast.Call():
                self._pass(context, node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._declare(context, node)
                if node in self._makers or (node, _RETURN) in self._alone:
                    self._decorate(context, node.decorator_list, node)
            case ast.ClassDef(decorator_list=decorators):
                facts = context.facts.class_of.get(node)
                if facts is not None and context.program.is_layer(facts):
                    self._decorate(context, decorators, facts)

    def _add(self, key: Key, alone: bool) -> None:
        self._held.add(key)
        if alone:
            self._alone.add(key)

    def _hold(self, context: FileContext, target: ast.expr, alone: bool) -> None:
        match target:
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                for element in elts:
                    self._hold(context, element, alone=True)
            case ast.Subscript(value=ast.Name(id=name)) if name in context.facts.globals:
                self._add((context.facts.name, name), alone=False)
            case ast.Subscript(value=base):
                self._hold(context, base, alone=False)
            case ast.Attribute(value=base, attr=attr):
                owner = self._owner(context, base)
                self._add((owner.key if owner is not None else _ATTRIBUTE, attr), alone)
            case ast.Name(id=name):
                scope = context.enclosing_function(target)
                owner_node = context.enclosing_class(target) if scope is None else None
                if owner_node is not None:
                    self._add((context.facts.class_of[owner_node].key, name), alone)
                    self._add((_ATTRIBUTE, name), alone)
                self._add((scope if scope is not None else context.facts.name, name), alone)

    def _pass(self, context: FileContext, call: ast.Call) -> None:
        if isinstance(call.func, ast.Attribute):
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            if any(self.may(context, value) for value in given):
                self._put_into(context, call.func.value)
        functions = [
            function
            for target in context.inference.callees.get(call, [])
            if (function := constructor_of(context, target)) is not None
        ]
        for keyword in call.keywords:
            if keyword.arg and self.may(context, keyword.value):
                named = [f for f in functions if keyword.arg in self._own_parameters(f)]
                places: list[object] = [*named] or [_PARAMETER]
                for place in places:
                    self._add((place, keyword.arg), self.may(context, keyword.value, alone=True))
        if not functions and self.may(context, call.func):
            for argument in call.args:  # the parameter is likely named like what is passed
                if isinstance(argument, ast.Name) and self.may(context, argument):
                    self._add((_PARAMETER, argument.id), self.may(context, argument, alone=True))
        for function in functions:
            ordered = [*function.args.posonlyargs, *function.args.args]
            if ordered and ordered[0].arg in ("self", "cls"):
                ordered = ordered[1:]
            for parameter, argument in zip(ordered, call.args, strict=False):
                if self.may(context, argument):
                    self._add((function, parameter.arg), self.may(context, argument, alone=True))

    def _declare(self, context: FileContext, function: Function) -> None:
        arguments = function.args
        positional = [*arguments.posonlyargs, *arguments.args]
        defaults = zip(reversed(positional), reversed(arguments.defaults), strict=False)
        for parameter, default in [
            *defaults,
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]:
            if self.may(context, default):
                self._add((function, parameter.arg), self.may(context, default, alone=True))
        for parameter in parameters(arguments):
            if self._promises(context, parameter.annotation):
                self._add((function, parameter.arg), alone=True)

    def _decorate(
        self, context: FileContext, decorators: list[ast.expr], decorated: Function | ClassFacts
    ) -> None:
        """A decorator is handed what it decorates: ``@register`` puts it into a table."""
        for decorator in decorators:
            callee = decorator.func if isinstance(decorator, ast.Call) else decorator
            if isinstance(callee, ast.Attribute):
                self._put_into(context, callee.value)
            kind = context.kind(callee)
            home, _, name = kind.name.partition(":")
            module = context.program.modules.get(home) if kind.tag == "user" else None
            target = module.functions.get(name) if module is not None else None
            takers = [target, *inner_functions(target)] if target is not None else []
            for taker in takers:
                for parameter in parameters(taker.args)[:1]:
                    self._add((taker, parameter.arg), alone=True)
            if takers:
                self.registered[decorated] = None

    def _put_into(self, context: FileContext, owner: ast.expr) -> None:
        """An object of a file whose method takes a layer may be a table of them: a registry."""
        if isinstance(owner, ast.Name) and owner.id in context.facts.globals:
            self._add((context.facts.name, owner.id), alone=False)
        elif isinstance(owner, ast.Name) and owner.id in context.facts.imports:
            home, _, name = context.facts.imports[owner.id].rpartition(".")
            self._add((home, name), alone=False)


def _is_field(context: FileContext, node: ast.AnnAssign) -> bool:
    """Whether a class declares what constructs layers: ``block: Callable[..., nn.Module]``."""
    if not isinstance(context.edits.parents[node], ast.ClassDef):
        return False
    for part in walk(node.annotation):
        match part:
            case ast.Subscript(value=made, slice=ast.Tuple(elts=[_, result])):
                is_callable = (context.facts.qualified(made) or "").endswith(".Callable")
                declared = context.program.annotated_kind(result, context.facts)
                if is_callable and declared.tag == "module":
                    return True
    return False
