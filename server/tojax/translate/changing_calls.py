"""Calls of PyTorch's that change an array in place."""

from __future__ import annotations

import ast

from tojax.source.facts import parameters
from tojax.translate.context import FileContext
from tojax.translate.rule_calls import is_method

_DEPRECATED = {
    f"torch.nn.init.{name}"
    for name in ["constant", "dirac", "eye", "normal", "orthogonal", "sparse", "uniform"]
    + [f"{family}_{law}" for family in ("kaiming", "xavier") for law in ("normal", "uniform")]
}  # in place in spite of their names


def is_initialiser(name: str) -> bool:
    """Whether a function of `torch.nn.init` gives its argument new values in place."""
    return name in _DEPRECATED or (name.startswith("torch.nn.init.") and name.endswith("_"))


def mutated(context: FileContext, call: ast.Call) -> ast.expr | None:
    """The expression whose array a call changes in place, if it does."""
    name = context.name(call.func)
    last = name.rpartition(".")[2]
    mutates = name in _DEPRECATED or (last.endswith("_") and not last.endswith("__"))
    if name.startswith("torch.Tensor.") and mutates and isinstance(call.func, ast.Attribute):
        return None if last in ("requires_grad_", "share_memory_") else call.func.value
    if name.startswith("torch.nn.utils.") or is_method(name):
        return None
    if name.startswith("torch.") and call.args and (mutates or is_flagged(context, call)):
        is_function = not name.startswith("torch.nn.") or name.startswith(
            ("torch.nn.functional.", "torch.nn.init.")
        )
        return call.args[0] if is_function else None
    return None


def is_flagged(context: FileContext, call: ast.Call) -> bool:
    """Whether a call of PyTorch's says ``inplace=True``, also by position."""
    given = [keyword.value for keyword in call.keywords if keyword.arg == "inplace"]
    rule = context.index.functions.get(context.name(call.func)) if call.args else None
    if rule is not None:
        names = [p.arg for p in parameters(context.index.signature(rule))]
        given += [a for a, n in zip(call.args, names, strict=False) if n == "inplace"]
    return any(isinstance(value, ast.Constant) and value.value is True for value in given)
