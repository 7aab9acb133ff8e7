"""Layers whose parameters or class the user's code reaches by name.

NNX's own layers name and lay out their parameters differently (``kernel``, transposed). Where code
reads or writes ``layer.weight`` from outside, the layer keeps PyTorch's names and layouts instead;
also where code tests for a layer that is of several classes in NNX, or of none.
"""

from __future__ import annotations

import ast

from tojax.source.kinds import LAYER, UNKNOWN
from tojax.translate.asked_layers import asked_layers
from tojax.translate.context import FileContext
from tojax.translate.layer_classes import class_of
from tojax.translate.parameter_names import asks_by_name
from tojax.translate.passes.class_tests import tested_classes

_PARAMETERS = {"weight", "bias"}
_RESETS = {"reset_parameters", "reset_running_stats"}
_PARAMETRIZE = (
    "torch.nn.utils.weight_norm",
    "torch.nn.utils.spectral_norm",
    "torch.nn.utils.parametriz",
)
_TELLING = (
    ast.Attribute, ast.Call, ast.Subscript, ast.For, ast.comprehension, ast.ClassDef,
)  # fmt: skip
_ITERATES = {"len", "enumerate", "reversed", "list", "zip", "iter"}


def touched_layers(contexts: list[FileContext]) -> frozenset[str]:
    """Qualified names of the PyTorch layers whose parameters are reached by name."""
    touched: set[str] = set()
    for context in contexts:
        for node in context.edits.nodes(
            ast.Attribute,
            ast.Call,
            ast.Subscript,
            ast.For,
            ast.comprehension,
            ast.Name,
            ast.ClassDef,
        ):
            match node:
                case ast.Attribute(value=base, attr=attr) if attr in _PARAMETERS:
                    touched |= _layers_behind(context, base)
                case ast.Call(
                    func=ast.Name(id="hasattr" | "getattr"),
                    args=[base, ast.Constant(value=str(attr)), *_],
                ) if attr in _PARAMETERS:
                    touched |= _layers_behind(context, base)
                case ast.Attribute(value=base, attr=attr) if attr in _RESETS:
                    touched |= _layers_behind(context, base) - {"*"}
                case ast.Attribute(value=base, attr="add_module" | "append" | "extend" | "insert"):
                    touched |= _sequential(context, base)
                case ast.Subscript(value=base) | ast.For(iter=base) | ast.comprehension(iter=base):
                    touched |= _sequential(context, base)
                case ast.Call(func=ast.Name(id=name), args=[base, *_]) if name in _ITERATES:
                    touched |= _sequential(context, base)
                case ast.ClassDef(bases=bases):
                    touched |= {
                        name for b in bases if (name := context.name(b)) in context.index.layers
                    }
        if any(name.startswith(_PARAMETRIZE) for name in context.inference.names.values()):
            for named in context.edits.nodes(ast.Name, ast.Attribute):
                if context.name(named).startswith(_PARAMETRIZE):
                    touched |= _parametrized(context, named)
        touched |= {
            name
            for _, options in tested_classes(context)
            for option in options
            if (name := context.name(option)) in context.index.layers
            and class_of(context, name) is None
        }
        if asks_by_name(context):
            touched.add("*")
    touched |= asked_layers(contexts)
    if "*" in touched:
        for context in contexts:
            touched |= {n for n, rule in context.index.functions.items() if rule.state}
    return frozenset(touched)


def _parametrized(context: FileContext, function: ast.expr) -> set[str]:
    """The layer whose parameters a function of `torch.nn.utils` replaces by others."""
    parent = context.edits.parents[function]
    if isinstance(parent, ast.Attribute):
        return set()  # a module's name before the function's
    if not isinstance(parent, ast.Call) or parent.func is not function:
        return {"*"}  # called elsewhere, by another name
    given = [*parent.args[:1], *(k.value for k in parent.keywords if k.arg == "module")]
    kind = context.kind(given[0]) if given else UNKNOWN
    is_known = kind.tag == "module" and kind.name not in ("", LAYER.name)
    return {kind.name} if is_known else {"*"}


def _layers_behind(context: FileContext, base: ast.expr) -> set[str]:
    kind = context.kind(base)
    if kind.tag == "module" and kind.name in ("", LAYER.name):
        return {"*"}
    if kind.tag == "module" and kind.name.startswith("torch."):
        return {kind.name}
    is_unknown = kind.tag == "unknown" and not isinstance(base, ast.Call)
    return {"*"} if is_unknown else set()


def _sequential(context: FileContext, base: ast.expr) -> set[str]:
    """NNX's own Sequential is only called: code that looks into one needs PyTorch's."""
    kind = context.kind(base)
    is_sequential = kind.tag == "module" and kind.name == "torch.nn.Sequential"
    return {kind.name} if is_sequential else set()
