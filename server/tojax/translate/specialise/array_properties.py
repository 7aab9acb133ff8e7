"""Shapes and dtypes that can be told without the array they are of.

An array that is only made to be filled is not needed for them: ``torch.empty(n).uniform_()``. A
variable has them itself: ``self.weight.shape``, not ``self.weight[...].shape``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from tojax.source.kinds import Kind
from tojax.translate.specialise.literals import is_simple

# What an original call becomes, if its rule reduces to an expression.
Made = Callable[[ast.Call], ast.expr | None]

_MAKERS = {"jnp.empty", "jnp.zeros", "jnp.ones", "jnp.full"}
_LIKE = {"jnp.empty_like", "jnp.zeros_like", "jnp.ones_like", "jnp.full_like"}


def property_of(
    array: ast.expr, attr: str, made: Made, kind_of: Callable[[ast.expr], Kind]
) -> ast.expr | None:
    """``array.shape`` or ``array.dtype``, if it can be written without the array's value.

    ``float`` stands for the dtype that arrays have by default.
    """
    if attr not in ("shape", "dtype"):
        return None
    if kind_of(array).tag in ("parameter", "buffer"):
        return ast.Attribute(_variable(array), attr, ast.Load())
    if isinstance(array, ast.Call):
        return _of_made(array, attr, made, kind_of)
    return ast.Attribute(array, attr, ast.Load()) if is_simple(array) else None


def _variable(node: ast.expr) -> ast.expr:
    """A variable itself; the original node becomes its value."""
    if isinstance(node, ast.Attribute):
        return ast.Attribute(node.value, node.attr, ast.Load())
    return ast.Name(node.id, ast.Load()) if isinstance(node, ast.Name) else node


def _of_made(
    array: ast.Call, attr: str, made: Made, kind_of: Callable[[ast.expr], Kind]
) -> ast.expr | None:
    maker = ast.unparse(array.func)
    given = {keyword.arg: keyword.value for keyword in array.keywords}
    if maker in _LIKE:
        return given.get(attr) or property_of(array.args[0], attr, made, kind_of)
    if maker not in _MAKERS:
        becomes = made(array)
        return None if becomes is None else property_of(becomes, attr, made, kind_of)
    shape = _shape(array.args[0], kind_of)
    dtype = given.get("dtype", None if maker == "jnp.full" else ast.Name("float", ast.Load()))
    if shape is None or dtype is None:  # the array would stand there for the other one
        return None
    return shape if attr == "shape" else dtype


def _shape(size: ast.expr, kind_of: Callable[[ast.expr], Kind]) -> ast.expr | None:
    """What was given as a shape, which may be one number, as a tuple."""
    kind = kind_of(size)
    if isinstance(size, ast.Tuple) or (kind.tag in ("shape", "tuple") and not kind.optional):
        return size
    return ast.Tuple([size], ast.Load()) if kind.tag == "int" else None
