"""What the uses of a function's parameters say about them, where annotations are silent."""

from __future__ import annotations

import ast
from collections.abc import Callable, Set

from tojax.source.facts import Function
from tojax.source.kinds import ARRAY, FLOAT, OPTIMIZER, SCALER, SCHEDULER, UNKNOWN, Kind
from tojax.source.trees import walk

_PYTHON = {
    name for kind in (str, list, dict, set, tuple, int, float, complex, bytes) for name in dir(kind)
}
_OTHER = {
    "device",
    "step",
    "train",
    "eval",
    "to",
    "apply",
    "update",
    "close",
    "read",
    "write",
    "type",
    "add",
}
_NUMPY = {
    "T", "all", "any", "argmax", "argmin", "argsort", "clip", "cumprod", "cumsum", "data",
    "diagonal", "dot", "flatten", "imag", "item", "max", "mean", "min", "ndim", "nonzero", "prod",
    "ravel", "real", "repeat", "reshape", "round", "squeeze", "std", "sum", "swapaxes", "take",
    "tolist", "trace", "transpose", "var", "view", "dtype", "shape",
}  # fmt: skip
_SCALING = {"scale", "unscale_", "step", "update", "get_scale"}
_STEPPED = {"step", "zero_grad", "param_groups"}
_AMBIGUOUS = frozenset(_PYTHON | _OTHER)


def says_array(name: str, tensor_names: Set[str]) -> bool:
    """Whether an attribute of this name is found on tensors, and not on Python's own types."""
    return name in tensor_names and name not in _AMBIGUOUS


def says_tensor(name: str, tensor_names: Set[str]) -> bool:
    """Whether an attribute of this name is found on tensors, and on nothing else in common use."""
    return says_array(name, tensor_names) and name not in _NUMPY


def parameter_evidence(
    function: Function,
    candidates: set[str],
    tensor_names: Set[str],
    first_argument: Callable[[ast.Call], Kind],
    may_be_method: Callable[[ast.Call], bool],
) -> dict[str, Kind]:
    """Kinds of parameters by how the function uses them.

    Args:
        function: the function to look through.
        candidates: the parameters that nothing is known about.
        tensor_names: methods and attributes of tensors.
        first_argument: kind that the first argument of a call must have.
        may_be_method: whether a tensor's method takes what a call gives.
    """
    found: dict[str, Kind] = {}
    steps: dict[str, set[str]] = {}
    called: set[str] = set()
    others: set[ast.expr] = set()
    numbers: set[str] = set()

    def say(node: ast.expr, kind: Kind) -> None:
        if isinstance(node, ast.Name) and node.id in candidates:
            found.setdefault(node.id, kind)

    for node in walk(function):
        if isinstance(node, ast.Call) and not (may_be_method(node) and _may_be_switch(node)):
            others.add(node.func)
        match node:
            case ast.Attribute(value=ast.Name() as base, attr=attr):
                if node in others:
                    say(base, UNKNOWN)
                elif attr in _SCALING and "scaler" in base.id.lower():
                    say(base, SCALER)
                elif attr in _STEPPED:
                    steps.setdefault(base.id, set()).add(attr)
                elif (kind := _attribute_evidence(attr, tensor_names)) is not None:
                    say(base, kind)
            case ast.BinOp(op=ast.MatMult(), left=left, right=right):
                say(left, ARRAY)
                say(right, ARRAY)
            case ast.Call(args=[ast.Name() as first, *_]) if (
                kind := first_argument(node)
            ) != UNKNOWN:
                say(first, kind)
            case ast.Subscript(value=base, slice=ast.Constant(value=str())):
                say(base, UNKNOWN)
            case ast.Subscript(value=base, slice=ast.Tuple()):
                say(base, ARRAY)
            case ast.Call(func=ast.Name() as base):
                called.add(base.id)
            case ast.Compare(left=ast.Constant(), comparators=[ast.Name(id=name), ast.Constant()]):
                numbers.add(name)  # ``0 <= rate <= 1``, which arrays cannot be asked
    for name in called & candidates:
        if found.get(name, ARRAY) == ARRAY:
            found[name] = UNKNOWN
    for name in numbers & candidates:
        found.setdefault(name, FLOAT)
    for name, attributes in steps.items():
        if name in candidates and found.get(name, UNKNOWN) == UNKNOWN:
            found[name] = _stepped(name, attributes)
    return found


def _may_be_switch(call: ast.Call) -> bool:
    """Whether a call does not show that its ``train`` is no module's: ``trainer.train(100)``."""
    match call:
        case ast.Call(func=ast.Attribute(attr="train"), args=[ast.Constant(value=value)]):
            return isinstance(value, bool)
        case ast.Call(func=ast.Attribute(attr="train"), args=[_, _, *_]):
            return False
    return True


def _attribute_evidence(attr: str, tensor_names: Set[str]) -> Kind | None:
    """What has an attribute of this name; `UNKNOWN` for Python's own types."""
    if attr in ("size", "dim") or says_array(attr, tensor_names):
        return ARRAY
    if attr in ("parameters", "named_parameters", "eval", "train"):
        return Kind("module")
    if attr in ("items", "keys", "values", "append", "split", "strip", "format"):
        return UNKNOWN
    return None


def _stepped(name: str, attributes: set[str]) -> Kind:
    """What a parameter is that has ``step()`` or ``zero_grad()`` called on it."""
    if attributes == {"zero_grad"}:
        return OPTIMIZER if "opt" in name.lower() else Kind("module")
    if attributes == {"step"} and "sched" in name.lower():
        return SCHEDULER
    return OPTIMIZER if attributes != {"step"} or "opt" in name.lower() else UNKNOWN
