"""What expressions of a JAX file are, guessed from how they are made and used.

Much lighter than inference, which knows PyTorch only: a parameter is an array unless something
says otherwise, and what is computed from arrays is one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tojax.source.facts import Function, ModuleFacts
from tojax.source.trees import children, walk

_LAYERS = ("flax.nnx.Module", "flax.linen.Module")
_ARRAY_MODULES = ("jax.numpy.", "jax.lax.", "jax.nn.", "jax.random.", "jax.scipy.", "jax.image.")
# What is asked of an array without giving one.
_PLAIN = frozenset(
    {"shape", "ndim", "size", "dtype", "itemsize", "nbytes", "item", "tolist", "issubdtype"}
)
_NO_ARRAYS = frozenset({"self", "cls", "rngs", "model", "optimizer", "params", "key", "rng"})
_NOT_COMPUTED = (ast.Is, ast.IsNot, ast.In, ast.NotIn)


class JaxUsage:
    """Answers what the expressions of one file are.

    Args:
        module: the file.
    """

    def __init__(self, module: ModuleFacts) -> None:
        self._module = module
        self._arrays: set[int] = set()  # names and attributes that hold arrays
        self._masks: set[int] = set()
        self._instances = _instances(module)
        self._layers = {
            facts.name for facts in module.classes.values() if self.is_layer(facts.node)
        }
        bodies = [module.tree, *(f for f in walk(module.tree) if isinstance(f, Function))]
        for body in bodies:
            self._learn(body)

    def _learn(self, body: ast.Module | Function) -> None:
        """Note the names that hold arrays in a function, in order of the text."""
        arrays = set() if isinstance(body, ast.Module) else set(_array_parameters(body))
        masks: set[str] = set()
        for node in _in_order(body):
            if isinstance(node, ast.Name):
                if node.id in arrays:
                    self._arrays.add(id(node))
                if node.id in masks:
                    self._masks.add(id(node))
                continue
            names, value = _binding(node)
            for known, holds in ((arrays, self.is_array), (masks, self._is_mask)):
                (known.update if holds(value) else known.difference_update)(names)

    def qualified(self, node: ast.expr) -> str:
        """The name of what an expression means through an import, or nothing."""
        return self._module.qualified(node) or ""

    def instance_of(self, node: ast.expr) -> str:
        """The class whose instance a name or attribute holds, or nothing."""
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                return self._instances.get(name, "")
            case ast.Call():
                return _made_by(self._module, node)
        return ""

    def is_layer(self, node: ast.ClassDef) -> bool:
        """Whether a class is a module of Flax's."""
        todo, seen = [node.name], set()
        while todo:
            name = todo.pop()
            facts = self._module.classes.get(name)
            if name in _LAYERS:
                return True
            if facts is not None and name not in seen:
                seen.add(name)
                todo += facts.bases
        return False

    def is_array(self, node: ast.expr | None) -> bool:
        """Whether an expression is probably an array."""
        match node:
            case ast.Name():
                return id(node) in self._arrays
            case ast.BinOp(left=left, right=right):
                return self.is_array(left) or self.is_array(right)
            case ast.UnaryOp(op=op, operand=operand):
                return not isinstance(op, ast.Not) and self.is_array(operand)
            case ast.Compare(left=left, ops=ops, comparators=others):
                computed = not any(isinstance(op, _NOT_COMPUTED) for op in ops)
                return computed and any(map(self.is_array, [left, *others]))
            case ast.IfExp(body=body, orelse=orelse):
                return self.is_array(body) or self.is_array(orelse)
            case ast.Subscript(value=value) | ast.Attribute(attr="T" | "mT" | "at", value=value):
                return self.is_array(value)
            case ast.Call():
                return self._gives_array(node)
        return False

    def _gives_array(self, node: ast.Call) -> bool:
        name = self.qualified(node.func)
        if name:
            given = name.startswith(_ARRAY_MODULES) and name.rpartition(".")[2] not in _PLAIN
            return given or (not name.startswith("jax.") and any(map(self.is_array, node.args)))
        match node.func:
            case ast.Attribute(value=value, attr=attribute) if self.is_array(value):
                return attribute not in _PLAIN
            case ast.Attribute() | ast.Call():
                return any(map(self.is_array, node.args))
        return False

    def is_array_truth(self, node: ast.expr) -> bool:
        """Whether the truth of an expression is probably that of an array."""
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self.is_array_truth(operand)
            case ast.BoolOp(values=values):
                return any(map(self.is_array_truth, values))
            case ast.Call(func=ast.Name(id="bool"), args=[argument]):
                return self.is_array_truth(argument)
        return self.is_array(node)

    def is_mask_index(self, node: ast.Subscript) -> bool:
        """Whether ``x[mask]`` reads the elements of an array where another one is true."""
        items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return (
            isinstance(node.ctx, ast.Load)
            and not (isinstance(node.value, ast.Attribute) and node.value.attr == "at")
            and self.is_array(node.value)
            and any(map(self._is_mask, items))
        )

    def _is_mask(self, node: ast.expr | None) -> bool:
        match node:
            case ast.Name():
                return id(node) in self._masks
            case ast.Compare():
                return self.is_array(node)
            case ast.UnaryOp(op=ast.Invert(), operand=operand):
                return self._is_mask(operand)
            case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr(), right=right):
                return self._is_mask(left) or self._is_mask(right)
        return False

    def holds_modules(self, value: ast.expr | None) -> bool:
        """Whether a value is a plain Python list, tuple or dict of layers."""
        match value:
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Dict(values=items):
                return any(map(self._makes_layer, items))
            case ast.ListComp(elt=item):
                return self._makes_layer(item)
        return False

    def appends_module(self, node: ast.Call) -> bool:
        """Whether a layer is appended to a list that is an attribute."""
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Attribute(), attr="append"), args=[item]):
                return self._makes_layer(item)
        return False

    def _makes_layer(self, node: ast.expr) -> bool:
        if not isinstance(node, ast.Call):
            return False
        made = _made_by(self._module, node)
        return made.startswith(("flax.nnx.", "flax.linen.")) or (
            isinstance(node.func, ast.Name) and node.func.id in self._layers
        )

    def turns_off_gradients(self, node: ast.expr) -> bool:
        """JAX has no such decorator."""
        return False


def _made_by(module: ModuleFacts, node: ast.Call) -> str:
    """The qualified class that a call makes an instance of, or nothing."""
    name = module.qualified(node.func) or ""
    if name.rpartition(".")[2][:1].isupper():
        return name
    return "optax.GradientTransformation" if name.startswith("optax.") else ""


def _instances(module: ModuleFacts) -> dict[str, str]:
    """Variables and attributes of the file → the class whose instance they hold."""
    found = {}
    for node in walk(module.tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)], value=value):
                made = _made_by(module, value) if isinstance(value, ast.Call) else ""
                if made:
                    found[name] = made
    return found


def _array_parameters(function: Function) -> Iterator[str]:
    """The parameters of a function that may be arrays."""
    if function.name == "__init__":
        return
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    defaults = [*[None] * (len(positional) - len(given.defaults)), *given.defaults]
    for parameter, default in zip(
        [*positional, *given.kwonlyargs], [*defaults, *given.kw_defaults], strict=True
    ):
        is_plain = isinstance(default, ast.Constant) and default.value is not None
        if parameter.arg not in _NO_ARRAYS and not is_plain and _may_be_array(parameter):
            yield parameter.arg


def _may_be_array(parameter: ast.arg) -> bool:
    if parameter.annotation is None:
        return True
    return any(name in ast.unparse(parameter.annotation) for name in ("Array", "ndarray"))


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    """The names and bindings of a body in the order in which they run, inner bodies left out."""
    if isinstance(node, ast.AugAssign):
        yield from _in_order(node.target)
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.NamedExpr):
        if node.value is not None:
            yield from _in_order(node.value)
        yield node
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            yield from _in_order(target)
        return
    if isinstance(node, ast.For):
        yield from _in_order(node.iter)
        yield node
        for statement in (*node.body, *node.orelse):
            yield from _in_order(statement)
        return
    if isinstance(node, ast.Name):
        yield node
    for child in children(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _in_order(child)


def _binding(node: ast.AST) -> tuple[set[str], ast.expr | None]:
    """The names that a statement binds, and what to."""
    match node:
        case ast.Assign(targets=targets, value=value):
            return {name for target in targets for name in _stored(target)}, value
        case ast.AnnAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
            return _stored(target), value
        case ast.AugAssign(target=ast.Name(id=name) as target, op=op, value=value):
            return {name}, ast.BinOp(target, op, value)
        case ast.For(target=target, iter=iterated):
            return _stored(target), iterated
    return set(), None


def _stored(target: ast.expr) -> set[str]:
    return {
        node.id
        for node in walk(target)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
