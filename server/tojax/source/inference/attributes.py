"""Kinds of attributes, and the PyTorch names that they have: ``x.shape``, ``self.conv.weight``."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from tojax.source.facts import ClassFacts, has_decorator
from tojax.source.inference.evidence import says_array
from tojax.source.inference.scope import Scope
from tojax.source.inference.walker import Walker
from tojax.source.kinds import (
    ARRAY,
    BOOL,
    BUFFER,
    DEVICE,
    DISTRIBUTION,
    DTYPE,
    GENERATOR,
    INT,
    NONE,
    NUMPY,
    OPTIMIZER,
    PARAM_GROUPS,
    PARAMETER,
    PYTHON_TYPES,
    REGISTRAR,
    SCALER,
    SCHEDULER,
    SHAPE,
    STR,
    UNKNOWN,
    Kind,
    is_array,
    iterated,
    join,
)
from tojax.source.names import TORCH_DTYPES, attributes_of, canonical, dotted, is_torch
from tojax.source.program import Member

# What modules and optimizers have, and hardly anything else.
_MODULE_METHODS = {
    "state_dict", "load_state_dict", "parameters", "named_parameters", "modules", "named_modules",
    "children", "named_children", "buffers", "named_buffers", "register_buffer",
    "register_forward_hook", "register_forward_pre_hook", "register_full_backward_hook",
    "register_backward_hook", "register_full_backward_pre_hook", "register_parameter",
    "register_module", "get_submodule",
}  # fmt: skip
_OF_PARTIAL = {"func", "args", "keywords"}
# What `DataParallel` calls the model that it wraps; both are of one kind.
_WRAPPED = "module"


def member_kind(member: Member) -> Kind:
    """Kind of a name that means a class or function of the user's."""
    if isinstance(member, ClassFacts):
        return Kind("class", name=member.key)
    module, function = member
    return Kind("user", name=f"{module.name}:{function.name}")


class AttributeKinds:
    """Infers attributes by what they are attributes of."""

    def __init__(self, walker: Walker) -> None:
        self._walker = walker
        self._program = walker.program
        self._rules = walker.rules
        self._index = walker.rules.index
        self._names = walker.records.names
        self._by_tag: dict[str, Callable[[ast.Attribute, Kind], Kind]] = {
            **dict.fromkeys(PYTHON_TYPES, self._of_unknown),
            "torch": self._of_package,
            "external": self._of_package,
            "module": self._of_module,
            "object": self._of_instance,
            "scheduler": self._of_scheduler,
            "dtype": self._of_dtype,
            "device": self._of_device,
            "tuple": self._of_tuple,
            "class": self._of_class,
            "optimizer": self._of_torch_object,
            "modules": self._of_torch_object,
            "loader": self._of_torch_object,
            "scaler": self._of_torch_object,
            "generator": self._of_torch_object,
            "super": self._of_torch_object,
            "distribution": self._of_distribution,
            "numpy": self._of_numpy,
            "shape": self._of_shape,
            "unknown": self._of_unknown,
        }

    def attribute(self, node: ast.Attribute, scope: Scope) -> Kind:
        """Kind of ``base.attr``; records its PyTorch name where it has one."""
        base = self._walker.expression(node.value, scope)
        if is_array(base):
            return self._of_tensor(node, base)
        handler = self._by_tag.get(base.tag)
        kind = handler(node, base) if handler is not None else UNKNOWN
        if self._names.get(node) == "torch.nn.Module.register_buffer":
            return replace(REGISTRAR, name=base.name)
        return kind

    # tensors and values

    def _of_tensor(self, node: ast.Attribute, base: Kind) -> Kind:
        attr = node.attr
        if base.tag == "parameter" and attr == "requires_grad":
            self._names[node] = "torch.nn.Parameter.requires_grad"
            return BOOL
        if attr not in attributes_of("torch.Tensor"):
            return UNKNOWN
        self._names[node] = f"torch.Tensor.{attr}"
        if attr == "shape":
            return SHAPE
        if attr in ("ndim", "itemsize", "nbytes"):
            return INT
        if attr == "dtype":
            return DTYPE
        if attr == "device":
            return DEVICE
        rule = self._index.properties.get(f"torch.Tensor.{attr}")
        if rule is not None:
            return self._rules.returned(rule)
        return ARRAY if attr in ("data", "grad", "T") else UNKNOWN

    def _of_dtype(self, node: ast.Attribute, base: Kind) -> Kind:
        name = f"torch.dtype.{node.attr}"
        rule = self._index.properties.get(name)
        if rule is None:
            return UNKNOWN
        self._names[node] = name
        return self._rules.returned(rule)

    def _of_device(self, node: ast.Attribute, base: Kind) -> Kind:
        name = f"torch.device.{node.attr}"
        if name not in self._index:
            return UNKNOWN
        self._names[node] = name
        return STR

    def _of_tuple(self, node: ast.Attribute, base: Kind) -> Kind:
        if node.attr in base.fields:
            return base.item(base.fields.index(node.attr))
        return self._of_unknown(node, base)

    def _of_shape(self, node: ast.Attribute, base: Kind) -> Kind:
        if node.attr == "numel":
            self._names[node] = "torch.Size.numel"
        return UNKNOWN

    def _of_numpy(self, node: ast.Attribute, base: Kind) -> Kind:
        if base != NUMPY:
            return UNKNOWN
        return SHAPE if node.attr == "shape" else NUMPY

    def _of_unknown(self, node: ast.Attribute, base: Kind) -> Kind:
        """An attribute that hardly anything but a tensor, a module or an optimizer has."""
        if node.attr == "param_groups":
            return self._of_torch_object(node, OPTIMIZER)
        if node.attr == "saved_tensors":
            return Kind("list", (ARRAY,))
        if node.attr == "device":
            return DEVICE
        if node.attr == "training" and isinstance(node.value, ast.Name) and node.value.id == "self":
            self._names[node] = "torch.nn.Module.training"  # in a decorator of methods
            return BOOL
        if says_array(node.attr, self._rules.tensor_names):
            return self._of_tensor(node, base)
        if node.attr in _MODULE_METHODS:
            owner = dotted(node.value)
            name = owner[-1].lower() if owner else ""
            family = OPTIMIZER if "optim" in name else SCHEDULER if "sched" in name else None
            self._names[node] = f"{family.name if family else 'torch.nn.Module'}.{node.attr}"
        return UNKNOWN

    # packages and classes

    def _of_package(self, node: ast.Attribute, base: Kind) -> Kind:
        if node.attr in _OF_PARTIAL and base.name.rpartition(".")[2][:1].isupper():
            return UNKNOWN  # the default is a layer's type; a partial of one may be given too
        qualified = canonical(f"{base.name}.{node.attr}")
        if is_torch(qualified):
            self._names[node] = qualified
            return DTYPE if qualified in TORCH_DTYPES else Kind("torch", name=qualified)
        member = self._program.find(qualified)
        return Kind("external", name=qualified) if member is None else member_kind(member)

    def _of_class(self, node: ast.Attribute, base: Kind) -> Kind:
        facts = self._program.class_of(base)
        if facts is None:
            return UNKNOWN
        if node.attr in facts.attributes:
            return facts.attributes[node.attr]
        found = self._program.method(facts, node.attr)
        if found is not None and has_decorator(found[1], "classmethod", "staticmethod"):
            return Kind("method", name=f"{base.name}.{node.attr}")
        return UNKNOWN

    # modules, optimizers and other objects

    def _of_module(self, node: ast.Attribute, base: Kind) -> Kind:
        if ":" in base.name:
            return self._of_instance(node, base)
        attr = node.attr
        if attr == _WRAPPED:
            return base
        family = base.name if f"{base.name}.{attr}" in self._index else "torch.nn.Module"
        self._names[node] = f"{family}.{attr}"
        if attr in ("weight", "bias") or attr.startswith(("weight_", "bias_", "in_proj")):
            return PARAMETER
        if attr.startswith("running_") or attr == "num_batches_tracked":
            return BUFFER
        if attr.endswith(("_features", "_channels", "_dim", "_size")) or attr.startswith("num_"):
            return INT
        return UNKNOWN

    def _of_instance(self, node: ast.Attribute, base: Kind) -> Kind:
        facts = self._program.class_of(base)
        if facts is None:
            return UNKNOWN
        method = self._program.method(facts, node.attr)
        if base.tag == "module" and node.attr == "training" and method is None:
            self._names[node] = "torch.nn.Module.training"  # also where code sets it
            return BOOL
        kind = self._program.attribute(facts, node.attr)
        if kind != UNKNOWN:
            return kind
        if method is not None:
            owner, function = method
            if has_decorator(function, "property", "cached_property"):
                return self._walker.function_return(owner.module, function, owner)
            return Kind("method", name=f"{facts.key}.{node.attr}")
        if base.tag == "module" and not any(
            node.attr in other.attributes for other in self._program.base_classes(facts)
        ):
            if node.attr == _WRAPPED:
                return base
            self._names[node] = f"torch.nn.Module.{node.attr}"
            layers = [b for b in self._program.torch_bases(facts) if b in self._index.layers]
            return self._inherited(node, layers[0]) if layers else UNKNOWN
        return self._of_unknown(node, base) if node.attr in _MODULE_METHODS else UNKNOWN

    def _inherited(self, node: ast.Attribute, layer: str) -> Kind:
        """An attribute that a user's class has from a layer of PyTorch's: ``self.weight``."""
        kind = self._of_module(node, Kind("module", name=layer))
        may_be_absent = kind == PARAMETER and (node.attr != "weight" or "Norm" in layer)
        return join(kind, NONE) if may_be_absent else kind

    def _of_scheduler(self, node: ast.Attribute, base: Kind) -> Kind:
        is_own = ":" in base.name
        return self._of_instance(node, base) if is_own else self._of_torch_object(node, base)

    def _of_distribution(self, node: ast.Attribute, base: Kind) -> Kind:
        name = f"{DISTRIBUTION.name}.{node.attr}"
        self._names[node] = name
        if node.attr in ("base_dist", "mixture_distribution", "component_distribution"):
            return DISTRIBUTION
        rule = self._index.properties.get(name)
        return self._rules.returned(rule) if rule is not None else UNKNOWN

    def _of_torch_object(self, node: ast.Attribute, base: Kind) -> Kind:
        name = f"{_family(base)}.{node.attr}"
        if base.tag == "modules" and name not in self._index:
            if node.attr in _MODULE_METHODS:
                return self._of_unknown(node, base)
            if f"torch.nn.Module.{node.attr}" in self._index:
                self._names[node] = f"torch.nn.Module.{node.attr}"
                return UNKNOWN
            return iterated(base) if base.name == "torch.nn.ModuleDict" else UNKNOWN
        self._names[node] = name
        return PARAM_GROUPS if node.attr == "param_groups" else UNKNOWN


def _family(kind: Kind) -> str:
    """The PyTorch class whose methods a value of this kind has."""
    return {
        "optimizer": OPTIMIZER.name,
        "scheduler": SCHEDULER.name,
        "modules": kind.name or "torch.nn.ModuleList",
        "loader": "torch.utils.data.DataLoader",
        "scaler": SCALER.name,
        "generator": GENERATOR.name,
        "super": "super",
    }[kind.tag]
