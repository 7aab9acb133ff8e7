"""Layers that are functions in JAX, as base classes: ``class Pool(nn.AvgPool2d)``."""

from __future__ import annotations

import ast
import copy
import re

from tojax.rules.modules import Rule
from tojax.source.facts import parameters
from tojax.translate.context import FileContext
from tojax.translate.edits import Verbatim
from tojax.translate.insertions import insert_before

_TORCH_LAYER = re.compile(r"torch\.nn\.([A-Z]\w*)")

_VARIABLES = {"torch.nn.Parameter", "torch.nn.parameter.Parameter", "torch.nn.Buffer"}


def base_layers(context: FileContext, taken: set[str]) -> None:
    """Give the classes that derive from such a layer a class to derive from.

    Args:
        context: the file.
        taken: names that the file already uses.
    """
    made: dict[str, str] = {}
    for node in context.facts.class_of:
        for base in node.bases:
            name = context.name(base)
            if name in _VARIABLES:
                reason = f"{name} as a base: an nnx.Param holds its array, it is none itself"
                context.leave(base, "TJ201", name, reason)
                context.done.add(base)
                continue
            if name == "torch.optim.Optimizer":
                reason = f"{name} as a base: an update rule is an optax.GradientTransformation"
                context.leave(base, "TJ204", name, reason)
                context.done.add(base)
                continue
            match = _TORCH_LAYER.fullmatch(name)
            rule = context.index.functions.get(name)
            if rule is None or base in context.done or context.layer(name) is not None:
                continue
            if match is None:
                if isinstance(rule.node, ast.FunctionDef):
                    reason = f"{name} is a function in JAX, from which no class can derive"
                    context.leave(base, "TJ201", name, reason)
                    context.done.add(base)
                continue
            if name not in made:
                made[name] = match[1] if match[1] not in taken else f"_{match[1]}"
                context.imports.add("from flax import nnx")
                context.rules[name] = None
                outermost: ast.stmt = node
                while not isinstance(outer := context.edits.parents[outermost], ast.Module):
                    outermost = context.edits.statement_of(outer)
                insert_before(
                    context, outermost, [_layer_class(context, made[name], rule), Verbatim("\n")]
                )
            context.edits.replace(base, ast.Name(made[name], ast.Load()))
            context.done.add(base)


def _layer_class(context: FileContext, name: str, rule: Rule) -> ast.ClassDef:
    """A class that keeps the arguments of a layer, as PyTorch's does, and calls the function."""
    signature = copy.deepcopy(context.index.signature(rule))
    given = [parameter.arg for parameter in parameters(signature)]
    if context.open_calls and "rngs" not in given:
        signature.kwonlyargs.append(ast.arg("rngs"))
        signature.kw_defaults.append(ast.Constant(None))
    signature.args.insert(0, ast.arg("self"))
    template = ast.parse(
        f"class {name}(nnx.Module):\n"
        "    def __init__(self):\n"
        + "".join(f"        self.{parameter} = {parameter}\n" for parameter in given)
        + f"        self._layer = layer({', '.join(f'{p}={p}' for p in given)})\n"
        + "    def __call__(self, *inputs):\n"
        "        return self._layer(*inputs)"
    ).body[0]
    assert isinstance(template, ast.ClassDef)
    constructor = template.body[0]
    assert isinstance(constructor, ast.FunctionDef)
    constructor.args = signature
    made = constructor.body[-1]
    assert isinstance(made, ast.Assign)
    assert isinstance(made.value, ast.Call)
    made.value.func = context.helper(rule.home, rule.definition)
    return template
