"""Kinds that the rules promise: what PyTorch's functions and layers take and return."""

from __future__ import annotations

import ast

from tojax.rules.index import RuleIndex
from tojax.rules.modules import Rule
from tojax.source.annotations import annotation_kind
from tojax.source.kinds import ARRAY, UNKNOWN, Kind, is_array, join
from tojax.source.names import attributes_of
from tojax.source.trees import walk

# Parameters of tensors' methods that no array stands for; the last ones are variadic.
_NUMBERS = {"dim", "dim0", "dim1", "start_dim", "end_dim", "keepdim", "p", "chunks", "diagonal"}
_SIZES = {"axes", "size", "sizes", "shape", "repeats", "reps"}
_TENSOR = "torch.Tensor."
_OF_TENSORS_ONLY = frozenset(
    (
        "shape",
        "device",
        "grad",
        "requires_grad",
        "backward",
        "dtype",
        "register_hook",
        "retain_grad",
    )
)


class RuleKinds:
    """Reads the annotations of the rules; ``tensor_names`` are what tensors have."""

    def __init__(self, index: RuleIndex) -> None:
        self.index = index
        all_names = attributes_of("torch.Tensor")
        with_rule = {
            name.removeprefix(_TENSOR)
            for name in (*index.functions, *index.properties)
            if name.startswith(_TENSOR)
        }
        in_place = {name for name in all_names if name.endswith("_")}
        self.tensor_names = (with_rule & all_names) | in_place | _OF_TENSORS_ONLY
        self._returned: dict[Rule, Kind] = {}
        self._first_arguments: dict[str, Kind] = {}
        self._returning_first: dict[Rule, bool] = {}

    def returned(self, rule: Rule) -> Kind:
        """Kind of what a rule returns, whatever its arguments."""
        if rule not in self._returned:
            self._returned[rule] = join(*_options(rule))
        return self._returned[rule]

    def first_argument(self, name: str) -> Kind:
        """The kind of the first argument of a PyTorch function: an array, or not known."""
        if name not in self._first_arguments:
            rule = self.index.rule(name)
            first = next(iter(self.index.signature(rule).args), None) if rule else None
            kind = _declared(first.annotation if first else None)
            self._first_arguments[name] = ARRAY if kind == ARRAY else UNKNOWN
        return self._first_arguments[name]

    def may_be_method(self, call: ast.Call) -> bool:
        """Whether a call gives a method as many arguments as the tensors' of its name takes.

        ``pattern.sub("", text)`` is not `torch.Tensor.sub`, whatever ``pattern`` is, nor is
        ``queue.put(item)`` `torch.Tensor.put`.
        """
        if not isinstance(call.func, ast.Attribute):
            return True
        rule = self.index.functions.get(_TENSOR + call.func.attr)
        if rule is None or any(isinstance(argument, ast.Starred) for argument in call.args):
            return True
        signature = self.index.signature(rule)
        if signature.vararg is not None:
            return True
        needed = len(signature.args) - len(signature.defaults) - 1
        is_open = any(keyword.arg is None for keyword in call.keywords)
        enough = is_open or len(call.args) + len(call.keywords) >= needed
        return enough and len(call.args) < len(signature.args)

    def may_take(self, call: ast.Call, arguments: list[Kind]) -> bool:
        """Whether no array is given to a tensors' method where that takes numbers.

        ``layer.softmax(scores)`` is not `torch.Tensor.softmax`, whatever ``layer`` is.
        """
        attr = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        rule = self.index.functions.get(_TENSOR + attr)
        if rule is None:
            return True
        signature = self.index.signature(rule)
        if signature.vararg is not None:
            is_size = signature.vararg.arg in _SIZES
            return not (is_size and any(is_array(given) for given in arguments))
        if any(parameter.arg == "other" for parameter in signature.kwonlyargs):
            return True  # ``x.max(y)``
        return not any(
            is_array(given) and parameter.arg in _NUMBERS
            for parameter, given in zip(signature.args[1:], arguments, strict=False)
        )

    def layer_result(self, name: str) -> Kind:
        """Kind of what calling a layer of PyTorch's returns."""
        rule = self.index.layers.get(name)
        if rule is None or not isinstance(rule.node, ast.ClassDef):
            return ARRAY
        method = self.index.method(rule.module, rule.node, "__call__")
        declared = _declared(method.returns if method else None)
        return declared if declared != UNKNOWN else ARRAY

    def call_result(
        self, name: str, node: ast.Call, arguments: list[Kind], keywords: dict[str, Kind]
    ) -> Kind:
        """Kind of what a call of a PyTorch function, method or layer returns."""
        rule = self.index.rule(name)
        if rule is not None:
            first = arguments[0] if arguments else UNKNOWN
            if first.tag == "module" and self._returns_first(rule):
                return first
            return self._chosen(rule, node, arguments, keywords, name)
        if name.endswith("_") and not name.endswith("__"):
            known = self.index.rule(name[:-1]) is not None
            return ARRAY if known and name.startswith(_TENSOR) else UNKNOWN
        last = name.rpartition(".")[2]
        if name.startswith("torch.nn.") and last[:1].isupper() and name.count(".") == 2:
            return Kind("module", name=name)
        return UNKNOWN

    def _returns_first(self, rule: Rule) -> bool:
        """Whether a rule function changes its first argument and gives it back."""
        if rule not in self._returning_first:
            self._returning_first[rule] = _returns_first(rule)
        return self._returning_first[rule]

    def _chosen(
        self,
        rule: Rule,
        node: ast.Call,
        arguments: list[Kind],
        keywords: dict[str, Kind],
        name: str,
    ) -> Kind:
        """Kind of the result where the rule's annotation is a union of array and tuple."""
        options = _options(rule)
        if len(options) == 1:
            kind = options[0]
            if kind.tag == "module":
                return Kind("module", name=name)
            return Kind(kind.tag, kind.items, kind.name, rule.fields) if rule.fields else kind
        array = next((option for option in options if is_array(option)), UNKNOWN)
        several = next((option for option in options if option.tag in ("tuple", "list")), array)
        several = Kind(several.tag, several.items, "", rule.fields)
        flags = [
            keyword.value
            for keyword in node.keywords
            if keyword.arg and keyword.arg.startswith("return_")
        ]
        if flags:
            falsy = all(isinstance(flag, ast.Constant) and not flag.value for flag in flags)
            return array if falsy else several
        rest = arguments if name.startswith(_TENSOR) else arguments[1:]
        by_dim = ("dim" in keywords or bool(rest)) and not (rest and is_array(rest[0]))
        return several if rule.fields and by_dim else array


def _returns_first(rule: Rule) -> bool:
    if isinstance(rule.node, ast.ClassDef) or not rule.node.args.args:
        return False
    first = rule.node.args.args[0].arg
    parts = list(walk(rule.node))
    returned = [part.value for part in parts if isinstance(part, ast.Return)]
    is_bound_anew = any(
        isinstance(part, ast.Name) and part.id == first and isinstance(part.ctx, ast.Store)
        for part in parts
    )
    return (
        bool(returned)
        and not is_bound_anew
        and all(isinstance(value, ast.Name) and value.id == first for value in returned)
    )


def _options(rule: Rule) -> list[Kind]:
    """The kinds in a rule's return annotation, one per member of the union."""
    if isinstance(rule.node, ast.ClassDef):
        return [Kind("module")]
    capital = rule.names[0].rpartition(".")[2][:1].isupper()
    if capital and rule.names[0].startswith(("torch.nn.", "einops.layers.")):
        return [Kind("module")]
    parts: list[ast.expr] = []
    queue = [rule.node.returns]
    while queue:
        part = queue.pop(0)
        if isinstance(part, ast.BinOp):
            queue[:0] = [part.left, part.right]
        elif part is not None:
            parts.append(part)
    return [_declared(part) for part in parts] or [UNKNOWN]


def _declared(annotation: ast.expr | None) -> Kind:
    """Kind of an annotation in a rule module, where names need no qualifying."""
    return annotation_kind(annotation, lambda _: None)
