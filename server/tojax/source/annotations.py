"""Kinds from type annotations: the user's on PyTorch code, and the rules' on JAX code."""

from __future__ import annotations

import ast
from collections.abc import Callable

from tojax.source.kinds import (
    ARRAY,
    BOOL,
    DEVICE,
    DICT,
    DTYPE,
    FLOAT,
    FUNCTION,
    GENERATOR,
    INT,
    LIST,
    NONE,
    NUMPY,
    OPTIMIZER,
    PARAMETER,
    SCHEDULER,
    SHAPE,
    STR,
    UNKNOWN,
    Kind,
    join,
)

_SIMPLE = {
    "int": INT,
    "float": FLOAT,
    "bool": BOOL,
    "str": STR,
    "None": NONE,
    "dict": DICT,
    "list": LIST,
    "Array": ARRAY,
    "jax.Array": ARRAY,
    "jnp.ndarray": ARRAY,
    "jnp.dtype": DTYPE,
    "jax.Device": DEVICE,
    "nnx.Module": Kind("module"),
    "nnx.Param": PARAMETER,
    "nnx.Rngs": GENERATOR,
    "Callable": FUNCTION,
    "torch.Tensor": ARRAY,
    "torch.FloatTensor": ARRAY,
    "torch.LongTensor": ARRAY,
    "torch.BoolTensor": ARRAY,
    "torch.Size": SHAPE,
    "torch.dtype": DTYPE,
    "torch.device": DEVICE,
    "torch.Generator": GENERATOR,
    "torch.nn.Module": Kind("module"),
    "torch.nn.ModuleList": Kind("modules"),
    "torch.nn.Parameter": PARAMETER,
    "torch.optim.Optimizer": OPTIMIZER,
    "torch.optim.lr_scheduler.LRScheduler": SCHEDULER,
    "torch.optim.lr_scheduler._LRScheduler": SCHEDULER,
    "torch.utils.data.DataLoader": Kind("loader", name="torch.utils.data.DataLoader"),
    "numpy.ndarray": NUMPY,
    "np.ndarray": NUMPY,
}
_LISTS = {"list", "List", "Sequence", "Iterable", "Iterator", "Collection"}
_TUPLES = {"tuple", "Tuple"}
_ARRAY_TYPES = {"Float", "Int", "Bool", "Shaped", "Num", "Integer", "Inexact", "Real", "UInt"}


def annotation_kind(node: ast.expr | None, name_of: Callable[[ast.expr], str | None]) -> Kind:
    """The kind that an annotation promises; ``name_of`` qualifies names (``nn`` → ``torch.nn``)."""
    match node:
        case None:
            return UNKNOWN
        case ast.Constant(value=None):
            return NONE
        case ast.Constant(value=str(text)):
            try:
                return annotation_kind(ast.parse(text, mode="eval").body, name_of)
            except SyntaxError:
                return UNKNOWN
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return join(annotation_kind(left, name_of), annotation_kind(right, name_of))
        case ast.Subscript(value=base, slice=index):
            return _generic(base, index, name_of)
    assert node is not None
    name = name_of(node) or (ast.unparse(node) if _dotted(node) else "")
    if name in _SIMPLE:
        return _SIMPLE[name]
    if name.startswith("torch.nn.") and not name.startswith("torch.nn.functional."):
        return Kind("module", name=name)
    if name.startswith("torch.distributions."):
        return Kind("distribution", name=name)
    if name.startswith("torch.optim.lr_scheduler."):
        return Kind("scheduler", name=name)
    if name.startswith("torch.optim."):
        return Kind("optimizer", name=name)
    return UNKNOWN


def _dotted(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _generic(base: ast.expr, index: ast.expr, name_of: Callable[[ast.expr], str | None]) -> Kind:
    head = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
    items = index.elts if isinstance(index, ast.Tuple) else [index]
    if head in _ARRAY_TYPES and items:
        return annotation_kind(items[0], name_of)
    if head in ("Optional", "Union"):
        return join(*(annotation_kind(item, name_of) for item in items))
    if head in _TUPLES:
        kinds = [annotation_kind(item, name_of) for item in items if not _ellipsis(item)]
        if len(kinds) < len(items):
            return SHAPE if kinds == [INT] else Kind("list", tuple(kinds), "tuple")
        return Kind("tuple", tuple(kinds))
    if head in _LISTS:
        named = "" if head in ("list", "List") else "tuple"
        return Kind("list", (annotation_kind(items[0], name_of),), named)
    if head in ("type", "Type"):
        return UNKNOWN  # which class it is, the calls tell
    if head in ("dict", "Dict", "Mapping"):
        value = annotation_kind(items[-1], name_of)
        return Kind("dict", (value,)) if value == DTYPE else DICT
    if head == "Callable":
        return FUNCTION
    if head in ("Final", "ClassVar", "Annotated"):
        return annotation_kind(items[0], name_of)
    return UNKNOWN


def _ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...
