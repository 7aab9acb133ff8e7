"""Drops arguments that equal the JAX callee's own default: ``keepdims=False`` says nothing."""

from __future__ import annotations

import ast
import functools
import json

from tojax.rules.library import rules_folder


@functools.cache
def _table() -> dict[str, dict[str, object]]:
    path = rules_folder() / "jax_defaults.json"
    loaded: dict[str, dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def drop_defaults(name: str, call: ast.Call) -> ast.Call:
    """The call without the keywords that equal the defaults of the function ``name``."""
    defaults = _table().get(name)
    if not defaults:
        return call
    kept = [k for k in call.keywords if not _is_default(k, defaults)]
    return ast.Call(call.func, call.args, kept) if len(kept) < len(call.keywords) else call


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
            return type(value) is type(default) and value == default
    return False
