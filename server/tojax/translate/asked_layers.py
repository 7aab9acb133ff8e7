"""Layers that are functions in JAX, in code that asks what is a module or goes through them all.

``nn.ReLU()`` is a module, ``jax.nn.relu`` is none: ``children()`` would leave it out, and a test
for `nn.Module` find it missing. Such a layer has a class where a test may meet it, that is, where
code hands it on, and everywhere if code collects the parts of modules. As an attribute of a class
it has one too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tojax.source.kinds import LAYER, is_array
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.module_walks import collects_parts
from tojax.translate.passes.class_tests import compares_functions, tested_classes

_MODULE = "torch.nn.Module"
_ADDS = {"append", "extend", "insert", "add_module", "register_module"}


def asked_layers(contexts: list[FileContext]) -> set[str]:
    """Qualified names of the layers without parameters that need a class in the output."""
    if any(collects_parts(context) for context in contexts):
        return set(contexts[0].index.classes)
    asked: set[str] = set()
    attributes: set[str] = set()
    is_open = False
    for context in contexts:
        asked |= set(_of_classes(context))
        for test, options in tested_classes(context):
            names = {context.name(option) for option in options}
            if not compares_functions(context, test, options):
                asked |= names & context.index.classes.keys()
            if _MODULE in names and isinstance(test, ast.Call):
                [value, *_] = test.args
                is_open |= _may_be_function(context, value)
                attributes |= {value.attr} if isinstance(value, ast.Attribute) else set()
    if is_open:
        for context in contexts:
            asked |= set(_handed_on(context, attributes))
    return asked


def _may_be_function(context: FileContext, value: ast.expr) -> bool:
    """Whether what is tested for `nn.Module` may be a layer that has no class otherwise."""
    kind = context.kind(value)
    if kind.tag == "module" and kind.name not in ("", LAYER.name):
        return kind.name in context.index.classes
    return not is_array(kind)


def _of_classes(context: FileContext) -> Iterator[str]:
    """The layers that are attributes of classes, where functions would become methods, and those in
    sequences by classes, which take layers as attributes."""
    for facts in context.facts.classes.values():
        if "torch.nn.Sequential" in context.program.torch_bases(facts):
            names = {context.name(node) for node in walk(facts.node)}
            yield from names & context.index.classes.keys()
    for owner in context.facts.class_of:
        for statement in owner.body:
            if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
                for node in walk(statement.value):
                    if isinstance(node, ast.expr) and context.name(node) in context.index.classes:
                        yield context.name(node)


def _handed_on(context: FileContext, attributes: set[str]) -> Iterator[str]:
    """The layers of a file that reach other code, as an object or as a class."""
    parents, classes = context.edits.parents, context.index.classes
    options = {option for _, options in tested_classes(context) for option in options}
    for node in parents:
        if isinstance(node, ast.Call) and (name := context.name(node.func)) in classes:
            if _leaves(context, node, attributes):
                yield name
        elif isinstance(node, ast.Name | ast.Attribute) and (name := context.name(node)) in classes:
            parent = parents[node]
            is_called = isinstance(parent, ast.Call) and parent.func is node
            if not is_called and node not in options and not isinstance(parent, ast.ClassDef):
                yield name


def _leaves(context: FileContext, call: ast.Call, attributes: set[str]) -> bool:
    """Whether a layer is not just put into a container, or into an attribute that nobody tests."""
    parents = context.edits.parents
    node: ast.AST = call
    in_list = False
    while True:
        node, below = parents[node], node
        match node:
            case ast.Tuple() | ast.List() | ast.Starred():
                in_list |= isinstance(node, ast.List)
            case ast.IfExp() | ast.Dict():
                in_list = False
            case ast.Call(func=func):
                name = context.name(func)
                if name != "collections.OrderedDict":
                    adds = isinstance(func, ast.Attribute) and func.attr in _ADDS
                    return not (adds or func is below or name.startswith("torch.nn."))
            case ast.Assign(targets=targets) if not in_list:
                return not all(
                    isinstance(target, ast.Attribute) and target.attr not in attributes
                    for target in targets
                )
            case _:
                return not in_list
