"""Kinds of calls: sorts out what is called, and knows Python's own functions."""

from __future__ import annotations

import ast

from tojax.source.computed_names import computed_kinds
from tojax.source.facts import ClassFacts, Function
from tojax.source.inference.scope import Scope
from tojax.source.inference.torch_calls import TorchCalls
from tojax.source.inference.user_calls import UserCalls
from tojax.source.inference.walker import Walker
from tojax.source.kinds import (
    ARRAY,
    BOOL,
    DICT,
    DTYPE,
    FLOAT,
    INT,
    NONE,
    NUMPY,
    PYTHON_TYPES,
    STR,
    UNKNOWN,
    Kind,
    is_array,
    iterated,
    join,
)
from tojax.source.names import TORCH_DTYPES, canonical, is_tensor_type

_BUILTINS = {
    "len": INT, "int": INT, "float": FLOAT, "bool": BOOL, "str": STR, "repr": STR, "print": NONE,
    "isinstance": BOOL, "hasattr": BOOL, "range": Kind("list", (INT,)), "dict": DICT,
    "round": FLOAT, "ord": INT, "callable": BOOL, "any": BOOL, "all": BOOL,
}  # fmt: skip
_SAME_ITEMS = {"list", "tuple", "sorted", "reversed", "set", "iter"}
_COPIES = {"copy.copy", "copy.deepcopy"}
_KEEP_ARRAYS = {f"einops.{name}" for name in ("rearrange", "reduce", "repeat", "einsum")}
# Packages whose objects have methods of the same names as tensors, and are none.
_FOREIGN = {"numpy", "scipy", "pandas", "sklearn", "cv2", "PIL", "jax"}
_PLACEMENT = {"device", "dtype", "non_blocking"}
_DIMENSIONS = {"dim", "dims", "keepdim", "descending"}
_SIZES = {"int", "list", "tuple", "shape"}
_USERS = {"class", "user", "method", "local", "super"}


class CallKinds:
    """Infers calls."""

    def __init__(self, walker: Walker) -> None:
        self._walker = walker
        self._records = walker.records
        self._torch = TorchCalls(walker)
        self._user = UserCalls(walker)

    def call(self, node: ast.Call, scope: Scope) -> Kind:
        """Kind of what a call returns."""
        infer = self._walker.expression
        arguments = [infer(argument, scope) for argument in node.args]
        keywords = {keyword.arg or "**": infer(keyword.value, scope) for keyword in node.keywords}
        callee = node.func
        if isinstance(callee, ast.Name) and callee.id == "super":
            return Kind("super", name=scope.owner.key if scope.owner else "")
        function = infer(callee, scope)
        names = self._records.names
        if isinstance(callee, ast.Attribute) and function == UNKNOWN and callee not in names:
            if self._gives_tensor_arguments(callee, node, arguments, keywords):
                names[callee] = f"torch.Tensor.{callee.attr}"
                if callee.attr == "to":  # modules have it too
                    return UNKNOWN
            elif self._switches_mode(callee, node):
                names[callee] = f"torch.nn.Module.{callee.attr}"
                return Kind("module")
        if isinstance(callee, ast.Attribute) and self._is_guessed_wrong(node, callee, arguments):
            del names[callee]
            return UNKNOWN
        name = names.get(callee, "") or (function.name if function.tag == "torch" else "")
        if name.startswith("super."):
            return self._user.inherited(node, name, arguments, keywords, scope)
        if name:
            return self._torch.call(node, name, arguments, keywords)
        if function.tag in _USERS:
            return self._user.call(node, function, arguments, keywords, scope)
        if function.tag == "registrar":
            return self._torch.registered(node, function)
        if function.name == "functools.partial" and arguments and arguments[0].tag == "registrar":
            return arguments[0]
        if function.name in _COPIES and arguments:
            return arguments[0]
        if function.name in _KEEP_ARRAYS and arguments and is_array(arguments[0]):
            return ARRAY
        if function.tag in ("module", "modules"):
            return self._user.layer(node, function, arguments, keywords)
        if isinstance(callee, ast.Name):
            chosen = self._by_name(node, arguments, scope) if callee.id == "getattr" else UNKNOWN
            return chosen if chosen != UNKNOWN else _builtin(callee.id, arguments)
        if isinstance(callee, ast.Attribute):
            return _method(self._records.kind(callee.value), callee.attr)
        return UNKNOWN

    def _by_name(self, node: ast.Call, arguments: list[Kind], scope: Scope) -> Kind:
        """``getattr(F, "relu")`` is ``F.relu``; ``getattr(self, f"w{i}")`` may be one of several
        variables."""
        match node.args:
            case [_, ast.Constant(value=str(attr)), *_] if arguments[0].tag == "torch":
                qualified = canonical(f"{arguments[0].name}.{attr}")
                self._records.names[node] = qualified
                return DTYPE if qualified in TORCH_DTYPES else Kind("torch", name=qualified)
            case [_, name, *default] if arguments[0].tag == "module" and scope.function:
                owner = self._walker.program.class_of(arguments[0])
                return self._computed(owner, name, default, scope.function) if owner else UNKNOWN
        return UNKNOWN

    def _computed(
        self, owner: ClassFacts, name: ast.expr, default: list[ast.expr], function: Function
    ) -> Kind:
        program = self._walker.program
        found = computed_kinds(program, owner, name, function, self._records.kind)
        if not any(kind.tag in ("parameter", "buffer") for kind in found):
            return UNKNOWN
        known = [ARRAY if kind == UNKNOWN else kind for kind in found]  # it replaces a variable
        return join(*known, *map(self._records.kind, default))

    def _is_guessed_wrong(
        self, node: ast.Call, callee: ast.Attribute, arguments: list[Kind]
    ) -> bool:
        """Whether a method was taken for a tensor's by its name alone, and is another."""
        is_guess = self._records.kind(callee.value) == UNKNOWN and callee in self._records.names
        rules = self._walker.rules
        return is_guess and not (rules.may_be_method(node) and rules.may_take(node, arguments))

    def _switches_mode(self, callee: ast.Attribute, node: ast.Call) -> bool:
        """Whether a method of something unknown is a module's ``eval()`` or ``train()``."""
        if callee.attr not in ("eval", "train") or node.args or node.keywords:
            return False
        owner = self._records.kind(callee.value)
        is_guess = owner == UNKNOWN or is_array(owner)  # what has ``cuda()`` may be a module too
        return is_guess and not self._walker.program.has_method(callee.attr)

    def _gives_tensor_arguments(
        self,
        callee: ast.Attribute,
        node: ast.Call,
        arguments: list[Kind],
        keywords: dict[str, Kind],
    ) -> bool:
        """Whether a method that other types have too is given what only a tensor's takes."""
        owner = self._records.kind(callee.value)
        may_be_tensor = owner == UNKNOWN or owner.tag in PYTHON_TYPES
        if not may_be_tensor or callee.attr not in self._walker.rules.tensor_names:
            return False
        if callee.attr in ("to", "type"):
            return _places(node, arguments, keywords)
        if keywords.keys() & _DIMENSIONS:
            return True
        return callee.attr == "split" and bool(arguments) and arguments[0].tag in _SIZES


def _places(node: ast.Call, arguments: list[Kind], keywords: dict[str, Kind]) -> bool:
    """Whether the arguments of a ``to`` are PyTorch's: a device, a dtype, ``non_blocking``."""
    first = arguments[0] if arguments else UNKNOWN
    if first.tag == "torch" and is_tensor_type(first.name):  # x.type(torch.FloatTensor)
        return True
    if first.tag in ("device", "dtype") or is_array(first) or keywords.keys() & _PLACEMENT:
        return True
    match node.args:
        case [ast.Name(id="device" | "dtype") | ast.Attribute(attr="device" | "dtype"), *_]:
            return True
        case [ast.Call(func=ast.Attribute(attr="get_device")), *_]:
            return True
        case [ast.Constant(value=str() as text), *_]:
            return text.startswith(("cuda", "cpu"))
    return False


def _builtin(name: str, arguments: list[Kind]) -> Kind:
    """Kind of what a builtin function returns."""
    if name in _BUILTINS:
        return _BUILTINS[name]
    if not arguments:
        return UNKNOWN
    first = arguments[0]
    if name in _SAME_ITEMS:
        return _same_items(name, first)
    if name == "enumerate":
        return Kind("list", (Kind("tuple", (INT, iterated(first))),))
    if name == "zip":
        return Kind("list", (Kind("tuple", tuple(map(iterated, arguments))),))
    if name in ("sum", "max", "min", "abs", "next"):
        if is_array(first):
            return first
        return join(*([iterated(first)] if len(arguments) == 1 else arguments))
    return UNKNOWN


def _same_items(maker: str, given: Kind) -> Kind:
    """Kind of a list, a tuple or the like of what something else holds."""
    if given.tag in ("tuple", "shape"):
        return given
    items = given.items if given.tag == "list" else (iterated(given),)
    return Kind("list", items, "tuple" if maker == "tuple" else "")


def _method(base: Kind, name: str) -> Kind:
    """Kind of what a method returns whose object is neither PyTorch's nor the user's."""
    if base == NUMPY:
        return NUMPY
    if base.tag == "modules" and name in ("items", "values", "keys"):
        return Kind("list", base.items)
    if base.tag == "dict" and len(base.items) == 1 and base.items[0] != UNKNOWN:
        return _of_table(base.items[0], name)
    if base.tag == "external":
        root = base.name.partition(".")[0]
        if root == "math":
            return FLOAT
        if root == "re":
            return Kind("external", name=f"{base.name}.{name}")
        if root in _FOREIGN:
            return NUMPY
    return UNKNOWN


def _of_table(value: Kind, name: str) -> Kind:
    """Kind of what a method of a dict by names returns whose values are of one kind."""
    if name == "items":
        return Kind("list", (Kind("tuple", (STR, value)),))
    return Kind("list", (value,)) if name == "values" else UNKNOWN
