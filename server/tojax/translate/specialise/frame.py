"""Folds the expressions of one rule function for one call."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable

from tojax.rules.index import RuleIndex
from tojax.rules.modules import Definition, RuleModule
from tojax.source.kinds import UNKNOWN, Kind
from tojax.source.names import dotted
from tojax.source.trees import walk
from tojax.translate.specialise import folding
from tojax.translate.specialise.array_properties import Made, property_of
from tojax.translate.specialise.binding import Argument
from tojax.translate.specialise.default_arguments import (
    without_jax_defaults,
    without_library_defaults,
)
from tojax.translate.specialise.keys import placed
from tojax.translate.specialise.literals import is_simple, is_unknown, literal_kind, static
from tojax.translate.specialise.refusals import NotReducible
from tojax.translate.specialise.result import HelperName, Result
from tojax.translate.specialise.type_tests import is_instance

KindOf = Callable[[ast.expr], Kind]
Inliner = Callable[[RuleModule, Definition, ast.Call, KindOf], Result | None]


class Frame:
    """The state while one rule function is folded.

    Args:
        index: the rule library.
        kind_of: kind of an argument.
        inlined: what a call of another library function reduces to, if it does.
        made: what an original call becomes, if that is one expression.
        module: the rule module that the function is in.
        bound: the arguments by parameter.
    """

    def __init__(
        self,
        index: RuleIndex,
        kind_of: KindOf,
        inlined: Inliner,
        made: Made,
        module: RuleModule,
        bound: dict[str, Argument],
    ) -> None:
        self._index = index
        self._kind_of = kind_of
        self._inlined = inlined
        self._made = made
        self._module = module
        self._env = {name: argument.node for name, argument in bound.items()}
        self._kinds = {argument.node: argument.kind for argument in bound.values()}
        self._hidden: set[str] = set()
        self.locals: list[ast.expr] = []
        self.imports: set[str] = set()
        self.helpers: dict[tuple[str, str], None] = {}
        self.rngs: list[ast.Name] = []

    def forget_all_but(self, expression: ast.expr) -> None:
        """Keep only the imports and helpers that one part of the result refers to."""
        parts = list(walk(expression))
        names = {part.id for part in parts if isinstance(part, ast.Name)}
        self.imports = {line for line in self.imports if line.split()[-1] in names}
        helpers = [(part.module, part.name) for part in parts if isinstance(part, HelperName)]
        self.helpers = dict.fromkeys(helpers)

    def forget_unused_keys(self, expression: ast.expr) -> None:
        """Keep only the keys that the result draws from: ``dropout(x, 0)`` draws nothing."""
        if self.rngs:
            parts = set(walk(expression))
            self.rngs = [key for key in self.rngs if key in parts]

    def bind(self, name: str, value: ast.expr) -> None:
        """Give a local variable of the function its folded value."""
        self._env[name] = value
        if not is_simple(value):
            self.locals.append(value)

    # expressions

    def fold(self, node: ast.expr) -> ast.expr:
        """The expression with parameters replaced and known parts computed."""
        match node:
            case ast.Constant():
                return node
            case ast.Name(id=name):
                return self._name(name)
            case ast.IfExp():
                return self._choice(node)
            case ast.BoolOp():
                return self._bool(node)
            case ast.UnaryOp(op=op, operand=operand):
                return folding.unary(op, self.fold(operand))
            case ast.Compare():
                return self._compare(node)
            case ast.BinOp(left=left, op=op, right=right):
                return folding.binary(self.fold(left), op, self.fold(right))
            case ast.Subscript(value=base, slice=index):
                return folding.subscript(self.fold(base), self.fold(index))
            case ast.Attribute(value=base, attr=attr):
                return self._attribute(self.fold(base), attr)
            case ast.Call():
                return self._call(node)
            case ast.Lambda(args=arguments, body=body):
                return self._lambda(arguments, body)
            case _:
                return self._display(node)

    def _display(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.Tuple(elts=items):
                return ast.Tuple(self._items(items), ast.Load())
            case ast.List(elts=items):
                return ast.List(self._items(items), ast.Load())
            case ast.Slice(lower=lower, upper=upper, step=step):
                parts = [self.fold(part) if part else None for part in (lower, upper, step)]
                return ast.Slice(*parts)
            case ast.Starred(value=value):
                return ast.Starred(self.fold(value), ast.Load())
            case ast.Dict(keys=keys, values=values):
                return ast.Dict(
                    [self.fold(key) if key else None for key in keys],
                    [self.fold(value) for value in values],
                )
            case _:
                raise NotReducible(type(node).__name__)

    def kind(self, node: ast.expr) -> Kind:
        """Kind of a folded expression."""
        if node in self._kinds:
            return self._kinds[node]
        literal_value = literal_kind(node)
        return literal_value if literal_value != UNKNOWN else self._kind_of(node)

    def _name(self, name: str) -> ast.expr:
        if name in self._hidden:
            return ast.Name(name, ast.Load())
        if name in self._env:
            value = self._env[name]
            if name == "rngs":
                value, own = placed(value)
                self.rngs += own
            return value
        if name in self._module.imports:
            self.imports.add(self._module.imports[name])
            return ast.Name(name, ast.Load())
        home = self._index.definition(self._module, name)
        if home is not None:
            return HelperName(home[0].name, home[1].name)
        if name in self._module.constants:
            return HelperName(self._module.name, name)
        if hasattr(builtins, name):
            return ast.Name(name, ast.Load())
        raise NotReducible(f"the name {name}")

    def _attribute(self, base: ast.expr, attr: str) -> ast.expr:
        found = property_of(base, attr, self._made, self.kind)
        if found is None:
            return ast.Attribute(base, attr, ast.Load())
        self.locals += found.elts if isinstance(found, ast.Tuple) else [found]
        return found

    def _choice(self, node: ast.IfExp) -> ast.expr:
        test = self.fold(node.test)
        value = static(test)
        if is_unknown(value):
            return ast.IfExp(test, self.fold(node.body), self.fold(node.orelse))
        return self.fold(node.body if value else node.orelse)

    def _bool(self, node: ast.BoolOp) -> ast.expr:
        stops_at = isinstance(node.op, ast.Or)
        kept: list[ast.expr] = []
        for part in node.values:
            folded = self.fold(part)
            value = static(folded)
            if is_unknown(value):
                kept.append(folded)
            elif bool(value) == stops_at:
                return folded if not kept else ast.BoolOp(node.op, [*kept, folded])
        if not kept:
            return ast.Constant(not stops_at)
        return kept[0] if len(kept) == 1 else ast.BoolOp(node.op, kept)

    def _compare(self, node: ast.Compare) -> ast.expr:
        left = self.fold(node.left)
        rights = [self.fold(comparator) for comparator in node.comparators]
        if len(rights) == 1:
            known = folding.compare(left, node.ops[0], rights[0], self.kind)
            if known is not None:
                return ast.Constant(known)
        return ast.Compare(left, node.ops, rights)

    def _items(self, items: list[ast.expr]) -> list[ast.expr]:
        folded: list[ast.expr] = []
        for item in items:
            part = self.fold(item)
            if isinstance(part, ast.Starred) and isinstance(part.value, ast.Tuple | ast.List):
                folded += part.value.elts
            else:
                folded.append(part)
        return folded

    def _lambda(self, arguments: ast.arguments, body: ast.expr) -> ast.expr:
        names = {argument.arg for argument in (*arguments.args, *arguments.kwonlyargs)}
        self._hidden, before = self._hidden | names, self._hidden
        folded = self.fold(body)
        self._hidden = before
        return ast.Lambda(arguments, folded)

    # calls

    def _call(self, node: ast.Call) -> ast.expr:
        if isinstance(node.func, ast.Name) and node.func.id not in self._env:
            known = self._builtin(node.func.id, node)
            if known is not None:
                return known
        function = self.fold(node.func)
        arguments = self._items(node.args)
        call = ast.Call(function, arguments, self._keywords(node.keywords))
        if isinstance(function, HelperName):
            return self._library_call(function, call)
        name = self._qualified(node.func)
        if name == "functools.partial":
            return self._partial(call)
        return without_jax_defaults(name, call) if name else call

    def _keywords(self, keywords: list[ast.keyword]) -> list[ast.keyword]:
        """The keywords with those of a known dict, ``**options``, written out."""
        folded: list[ast.keyword] = []
        for keyword in keywords:
            value = self.fold(keyword.value)
            if keyword.arg is not None:
                folded.append(ast.keyword(keyword.arg, value))
                continue
            if not isinstance(value, ast.Dict):
                raise NotReducible("**")
            for key, item in zip(value.keys, value.values, strict=True):
                if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
                    raise NotReducible("**")
                folded.append(ast.keyword(key.value, item))
                self.locals.append(item)
        return folded

    def _builtin(self, name: str, node: ast.Call) -> ast.expr | None:
        """A call of a builtin, if its value is known."""
        if name == "isinstance" and len(node.args) == 2:
            value = self.fold(node.args[0])
            known = is_instance(value, self.kind(value), node.args[1])
            return None if known is None else ast.Constant(known)
        if name in ("len", "tuple") and len(node.args) == 1:
            argument = self.fold(node.args[0])
            compute = folding.length if name == "len" else folding.as_tuple
            return compute(argument, self.kind(argument))
        return None

    def _library_call(self, function: HelperName, call: ast.Call) -> ast.expr:
        """A call of another function of the library, inlined or of the copied helper."""
        definition = self._definition(function)
        if definition is not None:
            module, target = definition
            result = self._inlined(module, target, call, self.kind)
            if result is not None:
                self.imports |= result.imports
                self.helpers |= result.helpers
                self.rngs += result.rngs
                return result.expression
            call.keywords = without_library_defaults(self._index, *definition, call.keywords)
        self.helpers[function.module, function.name] = None
        return call

    def _partial(self, call: ast.Call) -> ast.expr:
        """``functools.partial(f, …)`` without arguments that ``f`` has by default; or ``f``."""
        function = call.args[0]
        if isinstance(function, HelperName):
            definition = self._definition(function)
            self.helpers[function.module, function.name] = None
            if definition is not None:
                call.keywords = without_library_defaults(self._index, *definition, call.keywords)
        else:
            inner = ast.Call(function, call.args[1:], call.keywords)
            inner = without_jax_defaults(self._qualified(function), inner)
            call = ast.Call(call.func, [function, *inner.args], inner.keywords)
        return function if len(call.args) == 1 and not call.keywords else call

    def _definition(self, name: HelperName) -> tuple[RuleModule, Definition] | None:
        return self._index.definition(self._index.modules[name.module], name.name)

    def _qualified(self, node: ast.expr) -> str:
        """The qualified name that an expression has by the imports of the rule module."""
        parts = dotted(node)
        if parts is None or parts[0] in self._env:
            return ""
        root = self._module.qualified.get(parts[0])
        return ".".join([root, *parts[1:]]) if root else ""
