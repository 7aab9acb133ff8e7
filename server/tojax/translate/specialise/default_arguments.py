"""Drops arguments that equal the callee's own default: ``keepdims=False`` says nothing."""

from __future__ import annotations

import ast
import functools
import json

from tojax.rules.index import RuleIndex
from tojax.rules.library import rules_folder
from tojax.rules.modules import Definition, RuleModule
from tojax.translate.specialise.literals import same

# Number of the argument that is a dtype, by default that of Python's floats.
_DTYPE_OF_DRAWS = {
    "jax.random.cauchy": 2,
    "jax.random.exponential": 2,
    "jax.random.normal": 2,
    "jax.random.truncated_normal": 4,
    "jax.random.uniform": 2,
}


@functools.cache
def _table() -> dict[str, dict[str, object]]:
    path = rules_folder() / "jax_defaults.json"
    loaded: dict[str, dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def without_jax_defaults(name: str, call: ast.Call) -> ast.Call:
    """A call without the keywords that equal the defaults of the JAX function ``name``."""
    defaults = _table().get(name)
    if not defaults:
        return call
    arguments = call.args
    if len(arguments) - 1 == _DTYPE_OF_DRAWS.get(name) and _is_float(arguments[-1]):
        arguments = arguments[:-1]
    kept = [k for k in call.keywords if not _is_default(k, defaults)]
    if len(kept) == len(call.keywords) and arguments is call.args:
        return call
    return ast.Call(call.func, arguments, kept)


def _is_float(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "float"


def _is_default(keyword: ast.keyword, defaults: dict[str, object]) -> bool:
    if keyword.arg not in defaults:
        return False
    default = defaults[keyword.arg]
    match keyword.value:
        case ast.Constant(value=False) if keyword.arg == "keepdims" and default is None:
            return True
        case ast.Tuple():
            return ast.unparse(keyword.value) == default
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return type(value) is type(default) and -value == default
        case ast.Attribute(value=ast.Name(id=base), attr=attr):
            return default == [f"{base}.{attr}"]
        case ast.Constant(value=value):
            is_number = type(default) is float and type(value) is int
            return (type(value) is type(default) or is_number) and value == default
    return False


def without_library_defaults(
    index: RuleIndex, module: RuleModule, target: Definition, keywords: list[ast.keyword]
) -> list[ast.keyword]:
    """Keywords of a call to the library's ``target``, less those that equal its own defaults."""
    if isinstance(target, ast.ClassDef):
        constructor = index.method(module, target, "__init__")
        if constructor is None:
            return keywords
        target = constructor
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
