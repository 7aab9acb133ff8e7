"""Kinds of calls of PyTorch: functions, layers, methods, optimizers."""

from __future__ import annotations

import ast
import re

from tojax.source.facts import ClassFacts
from tojax.source.inference.walker import Walker
from tojax.source.kinds import (
    ARRAY,
    BUFFER,
    DEVICE,
    INT,
    LAYER,
    LIST,
    MASK,
    NONE,
    PARAMETER,
    SCALER,
    SHAPE,
    UNKNOWN,
    Kind,
    iterated,
    join,
)

_MASKS = {
    f"torch.{owner}{name}"
    for owner in ("", "Tensor.")
    for name in (
        "eq", "ne", "lt", "le", "gt", "ge", "isnan", "isinf", "isfinite", "logical_and",
        "logical_or", "logical_not", "logical_xor", "bool", "isin", "isclose",
    )
} - {"torch.bool"}  # fmt: skip
_LAYER_CONTAINERS = {"torch.nn.ModuleList", "torch.nn.ModuleDict", "torch.nn.ParameterList"}
_RETURN_THE_OBJECT = {
    "torch.distributions.Distribution.expand",
    *(f"torch.nn.Module.{name}" for name in ("to", "cuda", "cpu", "eval", "train")),
}
_SCHEDULERS = "torch.optim.lr_scheduler."
_DISTRIBUTIONS = re.compile(r"torch\.distributions\.[A-Z]\w*(?<!Transform)")
_SIMPLE = {
    "torch.nn.Parameter": PARAMETER,
    "torch.nn.UninitializedParameter": PARAMETER,
    "torch.nn.Buffer": BUFFER,
    "torch.utils.data.DataLoader": Kind("loader", name="torch.utils.data.DataLoader"),
    "torch.amp.GradScaler": SCALER,
    "torch.device": DEVICE,
} | dict.fromkeys(_MASKS, MASK)


class TorchCalls:
    """Infers calls of what has a PyTorch name."""

    def __init__(self, walker: Walker) -> None:
        self._program = walker.program
        self._rules = walker.rules
        self._records = walker.records

    def call(
        self, node: ast.Call, name: str, arguments: list[Kind], keywords: dict[str, Kind]
    ) -> Kind:
        """Kind of what a call returns.

        Args:
            node: the call.
            name: qualified PyTorch name of the callee.
            arguments: kinds of its positional arguments.
            keywords: kinds of the others.
        """
        kind = self._special(node, name, arguments)
        if kind is None:
            kind = self._rules.call_result(name, node, arguments, keywords)
        return MASK if kind == ARRAY and self._asks_for_bool(node) else kind

    def _special(self, node: ast.Call, name: str, arguments: list[Kind]) -> Kind | None:
        """Kind of a call that more is known about than its rule tells."""
        if name in _SIMPLE:
            return _SIMPLE[name]
        if name in _LAYER_CONTAINERS:
            items = [iterated(given) for given in arguments[:1] if given != LIST]
            return Kind("modules", tuple(items), name)
        if name == LAYER.name:
            return LAYER
        if name == "torch.nn.Sequential":
            return Kind("module", tuple(arguments), name)
        if name == "torch.nn.DataParallel" and arguments and arguments[0].tag == "module":
            return arguments[0]  # it is used like the model inside, which is also its `module`
        if name == "torch.Tensor.size":
            return INT if node.args or node.keywords else SHAPE
        if name == "torch.nn.Module.state_dict":
            return Kind("dict", (PARAMETER if node in self._records.written_states else ARRAY,))
        if name == "torch.nn.Module.register_buffer":
            return self._register(node, BUFFER)
        if name == "torch.nn.Module.register_parameter":
            return self._register(node, PARAMETER)
        if name in ("torch.nn.Module.add_module", "torch.nn.Module.register_module"):
            return self._add_module(node)
        if name in _RETURN_THE_OBJECT:
            owner = node.func.value if isinstance(node.func, ast.Attribute) else None
            return self._records.kind(owner)
        if name.startswith(_SCHEDULERS) and name.count(".") == 3:
            is_class = name.removeprefix(_SCHEDULERS)[:1].isupper()
            return Kind("scheduler", name=name) if is_class else UNKNOWN
        if _DISTRIBUTIONS.fullmatch(name):
            return Kind("distribution", name=name)
        if name.startswith("torch.optim.") and name.count(".") == 2:
            return Kind("optimizer", name=name)
        return None

    def _asks_for_bool(self, node: ast.Call) -> bool:
        dtypes = [*node.args, *(item.value for item in node.keywords if item.arg == "dtype")]
        return any(self._records.names.get(dtype) == "torch.bool" for dtype in dtypes)

    def _add_module(self, node: ast.Call) -> Kind:
        """``self.add_module("name", layer)``: the attribute holds the layer from here on."""
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        given |= dict(zip(("name", "module"), node.args, strict=False))
        match node.func, given.get("name"), given.get("module"):
            case ast.Attribute(value=base), ast.Constant(value=str(name)), ast.expr() as module:
                owner = self._program.class_of(self._records.kind(base))
                if owner is not None:
                    self._records.hold(owner, name, self._records.kind(module), registered=True)
        return NONE

    def _register(self, node: ast.Call, kind: Kind) -> Kind:
        """``self.register_buffer("name", value)``: the attribute holds a buffer from here on."""
        if node.args and isinstance(node.func, ast.Attribute):
            owner = self._program.class_of(self._records.kind(node.func.value))
            self._hold(node, owner, kind)
        return NONE

    def registered(self, node: ast.Call, function: Kind) -> Kind:
        """The same by another name: ``register = self.register_buffer``."""
        self._hold(node, self._program.class_of(function), BUFFER)
        return NONE

    def _hold(self, node: ast.Call, owner: ClassFacts | None, kind: Kind) -> None:
        match node.args:
            case [ast.Constant(value=name), *values] if owner is not None:
                given = self._records.kind(values[0]) if values else kind
                absent = given.optional or given == NONE or _may_be_none(values)
                held = join(kind, NONE) if absent else kind
                self._records.hold(owner, str(name), held, registered=True)


def _may_be_none(arguments: list[ast.expr]) -> bool:
    """Whether a value is written as ``x if … else None``."""
    match arguments:
        case [ast.IfExp(body=body, orelse=orelse), *_]:
            return any(isinstance(p, ast.Constant) and p.value is None for p in (body, orelse))
    return False
