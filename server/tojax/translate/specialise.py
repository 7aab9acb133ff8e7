"""Specialises a rule for one call: binds arguments, folds what is known, inlines the expression.

A rule body that does not reduce to one expression raises `NotReducible` (the rule then becomes a
helper in the output); one that reduces to ``raise NotImplementedError(reason)`` raises
`Unsupported`.
"""

from __future__ import annotations

import ast
import builtins
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from tojax.rules.index import Definition, RuleIndex, RuleModule
from tojax.source.kinds import UNKNOWN, Kind
from tojax.translate.jax_defaults import drop_defaults

_MAX_DEPTH = 6
_LONGEST_RANGE = 4
_MOST_PARTS = 9
_UNKNOWN = object()
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not,
    ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], object]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv, ast.Div: operator.truediv, ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}  # fmt: skip
_NUMBER_TAGS = {"int", "float", "bool"}
_TAGS_OF_TYPE = {
    "Array": {"array", "parameter", "buffer"},
    "tuple": {"tuple", "shape"},
    "list": {"list"},
    "str": {"str"},
    "dict": {"dict"},
    "int": {"int", "bool"},
    "float": {"float"},
    "bool": {"bool"},
    "type": {"dtype"},
    "dtype": {"dtype"},
    "Module": {"module"},
}
PARAMETER_ALIASES = {
    "axis": "dim",
    "keepdims": "keepdim",
    "x": "input",
    "x1": "input",
    "x2": "other",
    "split_size": "split_size_or_sections",
}


class NotReducible(Exception):
    """The rule needs statements: it must be emitted as a helper."""


class Unsupported(Exception):
    """The rule says that it does not cover these arguments."""


@dataclass(frozen=True)
class Argument:
    """One argument of a call: its expression and what kind of value it is."""

    node: ast.expr
    kind: Kind = UNKNOWN


@dataclass
class Result:
    """A specialised rule: the expression, and what it refers to in the output."""

    expression: ast.expr
    imports: set[str] = field(default_factory=set)
    helpers: dict[tuple[str, str], None] = field(default_factory=dict)
    rngs: list[ast.Name] = field(default_factory=list)


def bind(
    signature: ast.arguments,
    positional: Sequence[Argument],
    keywords: dict[str, Argument],
) -> dict[str, Argument]:
    """Bind a call's arguments to parameters, as Python would.

    Raises:
        Unsupported: an argument has no parameter, or a parameter no argument.
        NotReducible: a ``*`` argument whose length matters.
    """
    names = [argument.arg for argument in (*signature.posonlyargs, *signature.args)]
    values: dict[str, Argument] = {}
    rest: list[Argument] = []
    for number, argument in enumerate(positional):
        starred = isinstance(argument.node, ast.Starred)
        if number < len(names) and not starred and not rest:
            values[names[number]] = argument
        elif signature.vararg is not None and number >= len(names):
            rest.append(argument)
        elif starred:
            raise NotReducible("a starred argument")
        else:
            raise Unsupported(f"takes {len(names)} positional arguments, {len(positional)} given")
    if signature.vararg is not None:
        values[signature.vararg.arg] = _variadic(rest)
    keyword_names = {argument.arg for argument in signature.kwonlyargs}
    for name, argument in keywords.items():
        target = name
        if name not in names and name not in keyword_names:
            target = PARAMETER_ALIASES.get(name, name)
        if target in values and target not in (signature.vararg.arg if signature.vararg else ""):
            raise Unsupported(f"argument '{name}' given twice")
        if target not in names and target not in keyword_names:
            if signature.kwarg is None:
                raise Unsupported(f"no argument '{name}'")
            continue
        values[target] = argument
    _fill_defaults(signature, values)
    return values


def _variadic(rest: list[Argument]) -> Argument:
    if len(rest) == 1 and isinstance(rest[0].node, ast.Starred):
        return Argument(rest[0].node.value, Kind("starred"))
    kinds = tuple(argument.kind for argument in rest)
    return Argument(
        ast.Tuple([argument.node for argument in rest], ast.Load()), Kind("tuple", kinds)
    )


def _fill_defaults(signature: ast.arguments, values: dict[str, Argument]) -> None:
    positional = [*signature.posonlyargs, *signature.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(signature.defaults))
    defaults += signature.defaults
    pairs = [*zip(positional, defaults, strict=True)]
    pairs += zip(signature.kwonlyargs, signature.kw_defaults, strict=True)
    for parameter, default in pairs:
        if parameter.arg in values:
            continue
        if parameter.arg == "rngs":
            values["rngs"] = Argument(ast.Name("rngs", ast.Load()), Kind("rngs"))
        elif default is None:
            raise Unsupported(f"argument '{parameter.arg}' is missing")
        else:
            values[parameter.arg] = Argument(default, literal_kind(default))


def literal_kind(node: ast.expr) -> Kind:
    """Kind of a literal."""
    value = static(node)
    if value is _UNKNOWN:
        return UNKNOWN
    if value is None:
        return Kind("none")
    return Kind(type(value).__name__)


def static(node: ast.expr) -> object:
    """The value of a literal, or a sentinel that equals nothing."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case ast.Tuple(elts=items) | ast.List(elts=items):
            values = [static(item) for item in items]
            if any(value is _UNKNOWN for value in values):
                return _UNKNOWN
            return tuple(values) if isinstance(node, ast.Tuple) else values
        case _:
            return _UNKNOWN


def is_unknown(value: object) -> bool:
    """Whether `static` found no value."""
    return value is _UNKNOWN


class Specialiser:
    """Specialises the rules of one call."""

    def __init__(
        self, index: RuleIndex, kind_of: Callable[[ast.expr], Kind], depth: int = 0
    ) -> None:
        self._index = index
        self._kind_of = kind_of
        self._depth = depth

    def specialise(
        self,
        module: RuleModule,
        function: ast.FunctionDef,
        bound: dict[str, Argument],
        item: int | None = None,
    ) -> Result:
        """The expression that a rule function reduces to for these arguments.

        ``item``: only this one of the several results is wanted.

        Raises:
            NotReducible: it needs statements, would evaluate an argument twice, or reads badly.
            Unsupported: it raises NotImplementedError for them.
        """
        frame = _Frame(self, module, bound)
        expression = frame.run(function.body)
        if expression is None:
            raise NotReducible("no return")
        if item is not None:
            if not isinstance(expression, ast.Tuple):
                raise NotReducible("the results are not separate")
            expression = expression.elts[item]
            frame.forget_all_but(expression)
        arguments = [argument.node for argument in bound.values()]
        _check_single_use(expression, arguments + frame.locals)
        _check_length(expression, arguments)
        frame.forget_unused_keys(expression)
        return Result(expression, frame.imports, frame.helpers, frame.rngs)


class _Frame:
    """The state while one rule function is folded."""

    def __init__(self, owner: Specialiser, module: RuleModule, bound: dict[str, Argument]) -> None:
        self._owner = owner
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
        parts = list(ast.walk(expression))
        names = {part.id for part in parts if isinstance(part, ast.Name)}
        self.imports = {line for line in self.imports if line.split()[-1] in names}
        helpers = [(part.module, part.name) for part in parts if isinstance(part, HelperName)]
        self.helpers = dict.fromkeys(helpers)

    def forget_unused_keys(self, expression: ast.expr) -> None:
        """Keep only the keys that the result draws from: ``dropout(x, 0)`` draws nothing."""
        if self.rngs:
            parts = set(ast.walk(expression))
            self.rngs = [key for key in self.rngs if key in parts]

    # statements

    def run(self, body: list[ast.stmt]) -> ast.expr | None:
        """Fold statements up to the return; None if they end without one."""
        for statement in body:
            match statement:
                case ast.Expr(value=ast.Constant()):
                    continue
                case ast.Return(value=None):
                    return ast.Constant(None)
                case ast.Return(value=ast.expr() as value):
                    return self.fold(value)
                case ast.Raise(exc=ast.Call(args=[ast.Constant(value=str(reason)), *_])):
                    raise Unsupported(reason)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self._bind(name, self.fold(value))
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    self._bind(name, self.fold(value))
                case ast.Assign(targets=[ast.Tuple(elts=targets)], value=value):
                    self._unpack(targets, self.fold(value))
                case ast.If(test=test, body=then, orelse=otherwise):
                    chosen = then if self._truth(test) else otherwise
                    result = self.run(chosen)
                    if result is not None:
                        return result
                case _:
                    raise NotReducible(type(statement).__name__)
        return None

    def _bind(self, name: str, value: ast.expr) -> None:
        self._env[name] = value
        if not is_simple(value):
            self.locals.append(value)

    def _unpack(self, targets: list[ast.expr], value: ast.expr) -> None:
        if not isinstance(value, ast.Tuple) or len(value.elts) != len(targets):
            raise NotReducible("unpacking")
        for target, item in zip(targets, value.elts, strict=True):
            if not isinstance(target, ast.Name):
                raise NotReducible("unpacking")
            self._bind(target.id, item)

    def _truth(self, test: ast.expr) -> bool:
        value = static(self.fold(test))
        if value is _UNKNOWN:
            raise NotReducible("a test that is not known")
        return bool(value)

    # expressions

    def fold(self, node: ast.expr) -> ast.expr:
        """The expression with parameters replaced and known parts computed."""
        match node:
            case ast.Constant():
                return node
            case ast.Name(id=name):
                return self._name(node, name)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                folded = self.fold(test)
                value = static(folded)
                if value is not _UNKNOWN:
                    return self.fold(body if value else orelse)
                return ast.IfExp(folded, self.fold(body), self.fold(orelse))
            case ast.BoolOp():
                return self._bool(node)
            case ast.UnaryOp(op=op, operand=operand):
                return self._unary(op, self.fold(operand))
            case ast.Compare():
                return self._compare(node)
            case ast.BinOp(left=left, op=op, right=right):
                return self._binary(self.fold(left), op, self.fold(right))
            case ast.Subscript(value=base, slice=index):
                return self._subscript(self.fold(base), self.fold(index))
            case ast.Attribute(value=base, attr=attr):
                return ast.Attribute(self.fold(base), attr, ast.Load())
            case ast.Call():
                return self._call(node)
            case ast.Tuple(elts=items):
                return ast.Tuple(self._items(items), ast.Load())
            case ast.List(elts=items):
                return ast.List(self._items(items), ast.Load())
            case ast.Slice(lower=lower, upper=upper, step=step):
                parts = [self.fold(part) if part else None for part in (lower, upper, step)]
                return ast.Slice(*parts)
            case ast.Starred(value=value):
                return ast.Starred(self.fold(value), ast.Load())
            case ast.Lambda(args=arguments, body=body):
                return self._lambda(arguments, body)
            case ast.Dict(keys=keys, values=values):
                return ast.Dict(
                    [self.fold(key) if key else None for key in keys],
                    [self.fold(value) for value in values],
                )
            case _:
                raise NotReducible(type(node).__name__)

    def _name(self, node: ast.Name, name: str) -> ast.expr:
        if name in self._hidden:
            return ast.Name(name, ast.Load())
        if name in self._env:
            value = self._env[name]
            if name == "rngs" and isinstance(value, ast.Name) and value.id == "rngs":
                fresh = ast.Name("rngs", ast.Load())
                self.rngs.append(fresh)
                return fresh
            return value
        if name in self._module.imports:
            self.imports.add(self._module.imports[name])
            return ast.Name(name, ast.Load())
        home = self._owner._index.definition(self._module, name)
        if home is not None:
            return HelperName(home[0].name, home[1].name)
        if name in self._module.constants:
            return HelperName(self._module.name, name)
        if hasattr(builtins, name):
            return ast.Name(name, ast.Load())
        raise NotReducible(f"the name {name}")

    def _bool(self, node: ast.BoolOp) -> ast.expr:
        stops_at = isinstance(node.op, ast.Or)
        kept: list[ast.expr] = []
        for part in node.values:
            folded = self.fold(part)
            value = static(folded)
            if value is _UNKNOWN:
                kept.append(folded)
            elif bool(value) == stops_at:
                return folded if not kept else ast.BoolOp(node.op, [*kept, folded])
        if not kept:
            return ast.Constant(not stops_at)
        return kept[0] if len(kept) == 1 else ast.BoolOp(node.op, kept)

    def _unary(self, op: ast.unaryop, operand: ast.expr) -> ast.expr:
        value = static(operand)
        if isinstance(op, ast.Not) and value is not _UNKNOWN:
            return ast.Constant(not value)
        if isinstance(op, ast.USub) and isinstance(value, int | float):
            return literal(-value)
        return ast.UnaryOp(op, operand)

    def _compare(self, node: ast.Compare) -> ast.expr:
        left = self.fold(node.left)
        rights = [self.fold(comparator) for comparator in node.comparators]
        if len(rights) == 1:
            known = self._known_compare(left, node.ops[0], rights[0])
            if known is not None:
                return ast.Constant(known)
        return ast.Compare(left, node.ops, rights)

    def _known_compare(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> bool | None:
        one, other = static(left), static(right)
        if one is not _UNKNOWN and other is not _UNKNOWN:
            try:
                return bool(_COMPARE[type(op)](one, other))
            except TypeError:
                return None
        if isinstance(op, ast.Is | ast.IsNot) and other is None:
            kind = self.kind(left)
            if kind.tag not in ("unknown", "none", "starred") and not kind.optional:
                return isinstance(op, ast.IsNot)
        if isinstance(op, ast.Eq | ast.NotEq) and isinstance(other, str):
            kind = self.kind(left)
            if kind.tag in _NUMBER_TAGS | {"tuple", "shape", "list"} and not kind.optional:
                return isinstance(op, ast.NotEq)
        return None

    def kind(self, node: ast.expr) -> Kind:
        """Kind of a folded expression."""
        if node in self._kinds:
            return self._kinds[node]
        literal_value = literal_kind(node)
        return literal_value if literal_value != UNKNOWN else self._owner._kind_of(node)

    def _binary(self, left: ast.expr, op: ast.operator, right: ast.expr) -> ast.expr:
        one, other = static(left), static(right)
        if isinstance(one, int | float) and isinstance(other, int | float):
            try:
                value = _ARITHMETIC[type(op)](one, other)
            except (KeyError, ArithmeticError):
                return ast.BinOp(left, op, right)
            if isinstance(value, int | float):
                return literal(value)
        if isinstance(left, ast.Tuple) and isinstance(right, ast.Tuple) and isinstance(op, ast.Add):
            return ast.Tuple([*left.elts, *right.elts], ast.Load())
        if isinstance(left, ast.Tuple) and isinstance(op, ast.Mult) and isinstance(other, int):
            if all(is_simple(item) for item in left.elts):
                return ast.Tuple(left.elts * other, ast.Load())
        return ast.BinOp(left, op, right)

    def _subscript(self, base: ast.expr, index: ast.expr) -> ast.expr:
        position = static(index)
        if isinstance(base, ast.Tuple | ast.List) and isinstance(position, int):
            starred = any(isinstance(item, ast.Starred) for item in base.elts)
            if not starred and -len(base.elts) <= position < len(base.elts):
                return base.elts[position]
        if isinstance(base, ast.Tuple) and isinstance(index, ast.Slice):
            lower, upper = (None if p is None else static(p) for p in (index.lower, index.upper))
            if index.step is None and _is_bound(lower) and _is_bound(upper):
                return ast.Tuple(base.elts[lower:upper], ast.Load())
        return ast.Subscript(base, index, ast.Load())

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
            special = self._builtin(node.func.id, node)
            if special is not None:
                return special
        function = self.fold(node.func)
        arguments = self._items(node.args)
        keywords = [ast.keyword(keyword.arg, self.fold(keyword.value)) for keyword in node.keywords]
        if any(keyword.arg is None for keyword in keywords):
            raise NotReducible("**")
        if isinstance(function, HelperName):
            return self._helper_call(function, arguments, keywords)
        call = ast.Call(function, arguments, keywords)
        name = self._qualified(node.func)
        if name == "functools.partial":
            return self._partial(call)
        return drop_defaults(name, call) if name else call

    def _builtin(self, name: str, node: ast.Call) -> ast.expr | None:
        if name == "isinstance" and len(node.args) == 2:
            known = self._isinstance(self.fold(node.args[0]), node.args[1])
            return None if known is None else ast.Constant(known)
        if name == "len" and len(node.args) == 1:
            argument = self.fold(node.args[0])
            if isinstance(argument, ast.Tuple | ast.List):
                starred = [item for item in argument.elts if isinstance(item, ast.Starred)]
                return ast.Constant(len(argument.elts) + len(starred))
            if self.kind(argument).tag == "starred":
                return ast.Constant(-1)
            kind = self.kind(argument)
            if kind.tag == "tuple" and not kind.optional:
                return ast.Constant(len(kind.items))
        if name == "tuple" and len(node.args) == 1:
            argument = self.fold(node.args[0])
            if isinstance(argument, ast.Tuple) or self.kind(argument).tag in ("tuple", "shape"):
                return argument
            if isinstance(argument, ast.List):
                return ast.Tuple(argument.elts, ast.Load())
            return _range(argument)
        return None

    def _isinstance(self, value: ast.expr, classes: ast.expr) -> bool | None:
        kind = self.kind(value)
        if static(value) is None:
            return False
        if kind.tag in ("unknown", "starred", "external", "numpy", "none"):
            return True if kind.tag == "starred" and _mentions(classes, "tuple") else None
        names = [
            item.attr if isinstance(item, ast.Attribute) else getattr(item, "id", "")
            for item in (classes.elts if isinstance(classes, ast.Tuple) else [classes])
        ]
        exact = static(value)
        if exact is not _UNKNOWN:
            types = {"int": int, "float": float, "bool": bool, "str": str, "tuple": tuple,
                     "list": list, "dict": dict}  # fmt: skip
            return any(isinstance(exact, types[name]) for name in names if name in types)
        tags = set().union(*(_TAGS_OF_TYPE.get(name, set()) for name in names))
        if kind.tag in tags:
            return None if kind.optional else True
        if kind.tag in _NUMBER_TAGS and tags & _NUMBER_TAGS:
            return None
        return False if all(name in _TAGS_OF_TYPE or name == "Number" for name in names) else None

    def _qualified(self, node: ast.expr) -> str | None:
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id in self._env:
            return None
        root = self._module.qualified.get(node.id)
        return ".".join([root, *parts[::-1]]) if root else None

    def _helper_call(
        self, function: HelperName, arguments: list[ast.expr], keywords: list[ast.keyword]
    ) -> ast.expr:
        definition = self._owner._index.definition(
            self._owner._index.modules[function.module], function.name
        )
        if definition is not None:
            module, target = definition
            inlined = self._inline(module, target, arguments, keywords)
            if inlined is not None:
                return inlined
            keywords = without_defaults(target, keywords)
        self.helpers[function.module, function.name] = None
        return ast.Call(function, arguments, keywords)

    def _inline(
        self,
        module: RuleModule,
        target: Definition,
        arguments: list[ast.expr],
        keywords: list[ast.keyword],
    ) -> ast.expr | None:
        if isinstance(target, ast.ClassDef) or self._owner._depth >= _MAX_DEPTH:
            return None
        inner = Specialiser(self._owner._index, self.kind, self._owner._depth + 1)
        try:
            bound = bind(
                target.args,
                [Argument(argument, self.kind(argument)) for argument in arguments],
                {k.arg or "": Argument(k.value, self.kind(k.value)) for k in keywords},
            )
            result = inner.specialise(module, target, bound)
        except NotReducible:
            return None
        self.imports |= result.imports
        self.helpers |= result.helpers
        self.rngs += result.rngs
        return result.expression

    def _partial(self, call: ast.Call) -> ast.expr:
        function = call.args[0]
        if isinstance(function, HelperName):
            definition = self._owner._index.definition(
                self._owner._index.modules[function.module], function.name
            )
            self.helpers[function.module, function.name] = None
            if definition is not None:
                call = ast.Call(
                    call.func, call.args, without_defaults(definition[1], call.keywords)
                )
        else:
            name = self._qualified_made(function)
            inner = drop_defaults(name, ast.Call(function, call.args[1:], call.keywords))
            call = ast.Call(call.func, [function, *inner.args], inner.keywords)
        return function if len(call.args) == 1 and not call.keywords else call

    def _qualified_made(self, node: ast.expr) -> str:
        return self._qualified(node) or ""


class HelperName(ast.Name):
    """A reference to a definition of the rule library that the output must contain."""

    def __init__(self, module: str, name: str) -> None:
        super().__init__(name, ast.Load())
        self.module = module
        self.name = name


def without_defaults(target: Definition, keywords: list[ast.keyword]) -> list[ast.keyword]:
    """Keywords of a call to a library function, less those that equal its own defaults."""
    if isinstance(target, ast.ClassDef):
        return keywords
    defaults = {
        argument.arg: default
        for argument, default in zip(target.args.kwonlyargs, target.args.kw_defaults, strict=True)
        if default is not None
    }
    ordered = [*target.args.posonlyargs, *target.args.args]
    if target.args.defaults:
        tail = ordered[-len(target.args.defaults) :]
        defaults |= {a.arg: d for a, d in zip(tail, target.args.defaults, strict=True)}
    return [k for k in keywords if not (k.arg in defaults and same(k.value, defaults[k.arg]))]


def same(one: ast.expr, other: ast.expr) -> bool:
    """Whether two literals have the same value and type."""
    left, right = static(one), static(other)
    return left is not _UNKNOWN and type(left) is type(right) and left == right


def literal(value: float) -> ast.expr:
    """A number as an expression."""
    if value < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


def is_simple(node: ast.expr) -> bool:
    """Whether evaluating an expression twice costs nothing and changes nothing."""
    match node:
        case ast.Constant() | ast.Name():
            return True
        case ast.Attribute(value=value) | ast.UnaryOp(operand=value):
            return is_simple(value)
        case ast.Subscript(value=ast.Attribute(attr="shape", value=base), slice=index):
            return is_simple(base) and is_simple(index)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return all(is_simple(item) for item in items)
        case _:
            return False


def _range(node: ast.expr) -> ast.expr | None:
    """``range(-2, 0)`` as a tuple, if it is short and known."""
    match node:
        case ast.Call(func=ast.Name(id="range"), args=arguments, keywords=[]):
            values = [static(argument) for argument in arguments]
            bounds = [value for value in values if isinstance(value, int)]
            if len(bounds) == len(values):
                numbers = range(*bounds)
                if len(numbers) <= _LONGEST_RANGE:
                    return ast.Tuple([literal(number) for number in numbers], ast.Load())
    return None


def _is_bound(value: object) -> TypeGuard[int | None]:
    return value is None or isinstance(value, int)


def _mentions(classes: ast.expr, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(classes))


def _check_length(expression: ast.expr, arguments: list[ast.expr]) -> None:
    """Refuse an expression of which nobody would write so much into one line."""
    parts = 0
    stack: list[ast.AST] = [expression]
    while stack:
        node = stack.pop()
        parts += isinstance(node, ast.Call | ast.BinOp | ast.IfExp | ast.Compare | ast.Subscript)
        if node not in arguments:
            stack.extend(ast.iter_child_nodes(node))
    if parts > _MOST_PARTS:
        raise NotReducible("too long for one line")


def _check_single_use(expression: ast.expr, watched: list[ast.expr]) -> None:
    counts = {node: 0 for node in watched if not is_simple(node)}
    if not counts:
        return
    stack: list[ast.AST] = [expression]
    while stack:
        node = stack.pop()
        if node in counts:
            counts[node] += 1
            if counts[node] > 1:
                raise NotReducible("an argument would be evaluated twice")
        stack.extend(ast.iter_child_nodes(node))
