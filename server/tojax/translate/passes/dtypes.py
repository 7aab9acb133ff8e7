"""Dtypes as values: compared, looked up in a table, and given by the names of PyTorch's types.

In JAX ``x.dtype`` is a dtype and ``jnp.float32`` a type: they are equal, but neither the same
object nor the same key. PyTorch's int64 is the widest integer that JAX has enabled.
"""

from __future__ import annotations

import ast
import re

from tojax.source.kinds import DTYPE
from tojax.source.names import TORCH_DTYPES
from tojax.source.trees import walk
from tojax.translate.context import FileContext

_WIDEST = {"torch.int64", "torch.long"}
_TENSOR_TYPE = re.compile(r"torch\.(?:cuda\.)?([A-Za-z0-9]*)Tensor")
_DTYPE_OF_TYPE = {
    "": "torch.float32",
    "Float": "torch.float32", "Double": "torch.float64", "Half": "torch.float16",
    "BFloat16": "torch.bfloat16", "Long": "torch.int64", "Int": "torch.int32",
    "Short": "torch.int16", "Char": "torch.int8", "Byte": "torch.uint8", "Bool": "torch.bool",
}  # fmt: skip


def dtypes(context: FileContext) -> None:
    """Rewrite comparisons, tables and names of dtypes."""
    for node in context.edits.nodes(ast.Compare, ast.Dict, ast.Subscript, ast.Call):
        match node:
            case ast.Compare():
                _compare(context, node)
            case ast.Dict(keys=keys):
                for key in keys:
                    if key is not None and context.name(key) in TORCH_DTYPES:
                        _as_dtype(context, key)
            case ast.Subscript(slice=index, ctx=ast.Load()) if (
                context.kind(node.value).tag == "dict"
            ):
                if context.kind(index) == DTYPE and not isinstance(index, ast.Attribute):
                    context.edits.replace(index, _call(context, "dtype", _copy(index)))
                elif context.name(index) in TORCH_DTYPES:
                    _as_dtype(context, index)
            case ast.Call(func=ast.Attribute() as func) if (
                context.name(func) == "torch.Tensor.type" and node not in context.done
            ):
                _type(context, node, func)


def _compare(context: FileContext, node: ast.Compare) -> None:
    operands = [node.left, *node.comparators]
    types = [_type_name(context, operand) for operand in operands]
    asked = [_is_type_call(context, operand) for operand in operands]
    if any(asked) and (any(types) or all(asked)):
        for operand, name, is_call in zip(operands, types, asked, strict=True):
            if (
                is_call
                and isinstance(operand, ast.Call)
                and isinstance(operand.func, ast.Attribute)
            ):
                array = operand.func.value
                if context.name(array) == "torch.Tensor.data" and isinstance(array, ast.Attribute):
                    array = array.value
                _replace(context, operand, ast.Attribute(array, "dtype", ast.Load()))
            elif name:
                _replace(context, operand, _in_comparison(context, name))
        return
    dtypes_named = [part for operand in operands for part in _parts(operand)]
    for part in dtypes_named:
        if context.name(part) in _WIDEST:
            _replace(context, part, _in_comparison(context, context.name(part)))
    if len(node.ops) == 1 and isinstance(node.ops[0], ast.Is | ast.IsNot):
        if any(context.name(part) in TORCH_DTYPES for part in dtypes_named):
            same = isinstance(node.ops[0], ast.Is)
            operator: ast.cmpop = ast.Eq() if same else ast.NotEq()
            context.edits.replace(node, ast.Compare(node.left, [operator], node.comparators))


def _parts(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]


def _type(context: FileContext, node: ast.Call, func: ast.Attribute) -> None:
    """``x.type("torch.FloatTensor")`` and ``x.type(y.type())``: other ways to name a dtype."""
    given = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "dtype")]
    if not given:
        return
    [argument] = given[:1]
    name = _type_name(context, argument)
    dtype: ast.expr
    if name:
        dtype = _named(context, name)
    elif _is_type_call(context, argument) and isinstance(argument, ast.Call):
        assert isinstance(argument.func, ast.Attribute)
        dtype = ast.Attribute(argument.func.value, "dtype", ast.Load())
        context.done.update({argument, argument.func})
    else:
        return
    context.done.update({node, func, *walk(argument)} if name else {node, func})
    context.edits.replace(
        node, ast.Call(ast.Attribute(func.value, "astype", ast.Load()), [dtype], [])
    )


def _is_type_call(context: FileContext, node: ast.expr) -> bool:
    """Whether an expression is ``x.type()``, PyTorch's name for the dtype and the device."""
    return (
        isinstance(node, ast.Call)
        and not node.args
        and not node.keywords
        and context.name(node.func) == "torch.Tensor.type"
    )


def _type_name(context: FileContext, node: ast.expr) -> str:
    """The PyTorch dtype that ``torch.FloatTensor``, or a text with that name, stands for."""
    text = node.value if isinstance(node, ast.Constant) else context.name(node)
    found = _TENSOR_TYPE.fullmatch(text) if isinstance(text, str) else None
    return _DTYPE_OF_TYPE.get(found.group(1), "") if found else ""


def _named(context: FileContext, name: str) -> ast.expr:
    """The JAX dtype of a PyTorch dtype."""
    value = context.index.value(name)
    assert value is not None
    expression, module = value
    context.rules[name] = None
    context.imports |= {
        module.imports[part.id]
        for part in walk(expression)
        if isinstance(part, ast.Name) and part.id in module.imports
    }
    return expression


def _in_comparison(context: FileContext, name: str) -> ast.expr:
    expression = _named(context, name)
    return _call(context, "result_type", expression) if name in _WIDEST else expression


def _as_dtype(context: FileContext, node: ast.expr) -> None:
    name = context.name(node)
    maker = "result_type" if name in _WIDEST else "dtype"
    _replace(context, node, _call(context, maker, _named(context, name)))


def _call(context: FileContext, function: str, argument: ast.expr) -> ast.expr:
    context.imports.add("import jax.numpy as jnp")
    called = ast.Attribute(ast.Name("jnp", ast.Load()), function, ast.Load())
    return ast.Call(called, [argument], [])


def _copy(node: ast.expr) -> ast.expr:
    return ast.Name(node.id, ast.Load()) if isinstance(node, ast.Name) else node


def _replace(context: FileContext, node: ast.expr, new: ast.expr) -> None:
    context.edits.replace(node, new)
    context.done.update({node, node.func} if isinstance(node, ast.Call) else walk(node))
