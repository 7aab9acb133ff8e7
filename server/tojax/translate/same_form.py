"""Which expressions provably have the shape and the dtype of a name, and which are one number."""

from __future__ import annotations

import ast

from tojax.source.facts import Function, parameters
from tojax.source.kinds import NUMBERS, is_array
from tojax.source.trees import walk
from tojax.translate.context import FileContext

_TO_ONE_NUMBER = {"sum", "mean", "max", "min", "any", "all", "norm", "prod", "std", "var"}
_REFUSE_INTEGERS = {"mean", "norm", "std", "var", "softmax", "log_softmax"}
_KEEP_FORM = {
    *("abs", "neg", "negative", "relu", "clone", "contiguous", "detach", "square", "reciprocal"),
    *("sigmoid", "tanh", "exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "rsqrt"),
    *("sin", "cos", "erf", "gelu", "silu", "elu", "selu", "celu", "leaky_relu", "softplus"),
    *("softsign", "logsigmoid", "mish", "hardswish", "hardsigmoid"),
}
_KEEP_FORM_WITH_NUMBERS = {"clamp", "clip", "clamp_min", "clamp_max", "nan_to_num"}
_FLOATING_FUNCTIONS = {
    *("softmax", "log_softmax", "mean", "norm", "std", "var", "layer_norm", "batch_norm"),
    *("group_norm", "normalize", "conv1d", "conv2d", "conv3d", "sigmoid", "tanh", "exp", "log"),
    *("sqrt", "rsqrt", "sin", "cos", "gelu", "silu"),
}
_FLOATING_LAYERS = {
    *("Linear", "Bilinear", "Conv1d", "Conv2d", "Conv3d", "Embedding", "LayerNorm", "GroupNorm"),
    *("ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d", "RMSNorm"),
    *("BatchNorm1d", "BatchNorm2d", "BatchNorm3d"),
    *("Sigmoid", "Tanh", "GELU", "SiLU", "Softmax", "LogSoftmax"),
}
_FAMILIES = {"torch", "torch.Tensor", "torch.nn.functional", "torch.special"}


class SameForm:
    """What is provable in one function.

    Args:
        context: the file.
        function: where the expressions stand.
    """

    def __init__(self, context: FileContext, function: Function) -> None:
        self._context = context
        self._parameters = {argument.arg for argument in parameters(function.args)}
        self._assigned: dict[str, list[ast.expr | None]] = {}
        for node in walk(function):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self._assigned.setdefault(node.id, []).append(self._value(node))

    def _value(self, node: ast.Name) -> ast.expr | None:
        """What a name is assigned, if it is one expression."""
        parent = self._context.edits.parents.get(node)
        if isinstance(parent, ast.AugAssign):
            return node  # which keeps its dtype
        is_whole = isinstance(parent, ast.Assign) and parent.targets == [node]
        return parent.value if is_whole and isinstance(parent, ast.Assign) else None

    def is_one_number(self, node: ast.expr) -> bool:
        """Whether it is an array of one number that depends on values, or a test of such."""
        match node:
            case ast.Compare(left=left, ops=[_], comparators=[right]):
                are_numbers = [self.is_one_number(side) for side in (left, right)]
                return any(are_numbers) and all(
                    is_number or self._is_plain_number(side)
                    for is_number, side in zip(are_numbers, (left, right), strict=True)
                )
            case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=inner):
                return self.is_one_number(inner)
            case ast.Call():
                operand, name, rest = self._parts(node)
                if operand is None or rest:
                    return False
                return name in _TO_ONE_NUMBER or (name == "item" and self.is_one_number(operand))
        return False

    def is_floating(self, name: str, test: ast.expr) -> bool:
        """Whether a name holds floating-point numbers wherever it is read.

        ``test``: an expression that has been computed before.
        """
        for part in walk(test):
            if isinstance(part, ast.Call):
                operand, function, _ = self._parts(part)
                if function in _REFUSE_INTEGERS and _is_name(operand, name):
                    return True
        values = self._assigned.get(name, [])
        if name in self._parameters or not values:
            return False
        return all(value is not None and self._gives_floating(value, name) for value in values)

    def keeps(self, node: ast.expr, name: str) -> bool:
        """Whether an expression has the form of ``name``, which holds floating-point numbers."""
        match node:
            case ast.Name():
                return node.id == name
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return self.keeps(inner, name)
            case ast.BinOp(
                left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right
            ):
                kept = [self.keeps(side, name) for side in (left, right)]
                return any(kept) and all(
                    is_kept or self._is_number(side)
                    for is_kept, side in zip(kept, (left, right), strict=True)
                )
            case ast.Call():
                operand, function, rest = self._parts(node)
                if operand is None or not self.keeps(operand, name):
                    return False
                if function in _KEEP_FORM_WITH_NUMBERS:
                    return all(self._is_plain_number(part) for part in rest)
                return function in _KEEP_FORM and not rest
        return False

    def _is_number(self, node: ast.expr) -> bool:
        """Whether an operand changes neither the shape nor the dtype of an array of floats."""
        if isinstance(node, ast.Compare):
            return False
        return self._is_plain_number(node) or self.is_one_number(node)

    def _is_plain_number(self, node: ast.expr) -> bool:
        match node:
            case ast.Constant(value=value):
                return isinstance(value, int | float)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return self._is_plain_number(inner)
        kind = self._context.kind(node)
        return kind.tag in NUMBERS and not kind.optional and not isinstance(node, ast.Call)

    def _gives_floating(self, node: ast.expr, name: str) -> bool:
        """Whether a value is of floating point, given that ``name`` was so before."""
        match node:
            case ast.IfExp(body=body, orelse=orelse):
                return all(self._gives_floating(side, name) for side in (body, orelse))
            case ast.BinOp(op=ast.Div()):
                return is_array(self._context.kind(node))
            case ast.Call():
                layer = self._context.kind(node.func)
                if layer.tag == "module":
                    return layer.name.removeprefix("torch.nn.") in _FLOATING_LAYERS
                if self._parts(node)[1] in _FLOATING_FUNCTIONS:
                    return True
        return self.keeps(node, name)

    def _parts(self, node: ast.Call) -> tuple[ast.expr | None, str, list[ast.expr]]:
        """The array that a function of PyTorch's takes first, its name and what else it takes."""
        family, _, function = self._context.name(node.func).rpartition(".")
        rest = [keyword.value for keyword in node.keywords]
        if family not in _FAMILIES:
            return None, "", rest
        if family == "torch.Tensor":
            owner = node.func.value if isinstance(node.func, ast.Attribute) else None
            return owner, function, [*node.args, *rest]
        return (node.args[0] if node.args else None), function, [*node.args[1:], *rest]


def _is_name(node: ast.expr | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
