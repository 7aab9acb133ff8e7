"""Tests for classes of layers: ``isinstance(m, nn.Linear)``, ``type(m) is nn.Conv2d``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tojax.source.facts import parameters
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.layer_classes import LayerClass, class_of, function_of

_TRAVERSALS = {"modules", "named_modules", "children", "named_children"}
_SYNCHRONISED = "torch.nn.SyncBatchNorm"  # which other layers are only converted to
# PyTorch's transposed convolutions derive from its convolutions, those of the library do not.
_DERIVED = {"torch.nn.modules.conv._ConvNd": "torch.nn.modules.conv._ConvTransposeNd"}


def tested_classes(context: FileContext) -> Iterator[tuple[ast.expr, list[ast.expr]]]:
    """Every test for classes: the test, and the expressions that name the classes."""
    for node in context.edits.nodes(ast.Call, ast.Compare):
        match node:
            case ast.Call(func=ast.Name(id="isinstance" | "issubclass"), args=[_, classes]):
                yield node, list(_options(classes))
            case ast.Compare(left=left, comparators=[right]) if _is_type(left) or _is_type(right):
                yield node, [*_options(left), *_options(right)]


def class_tests(contexts: list[FileContext]) -> None:
    """Let tests for PyTorch's layers name the classes that the layers have in the output.

    A layer that becomes a function has no class: it is compared with the function where that is
    the same, and left otherwise.
    """
    tests = [(c, test, options) for c in contexts for test, options in tested_classes(c)]
    tested = {option for _, _, options in tests for option in options}
    used = {
        name
        for context in contexts
        for node, name in context.inference.names.items()
        if node not in tested and name.startswith("torch.nn.") and name != _SYNCHRONISED
    }
    exact = frozenset(name for c, _, options in tests for name in _told_apart(c, options, used))
    for context in contexts:
        context.exact = exact
    for context, test, options in tests:
        _test(context, test, options, used)


def _told_apart(context: FileContext, options: list[ast.expr], used: set[str]) -> set[str]:
    """The layers of one class of which a test is for some only."""
    for option in options:
        found = class_of(context, context.name(option))
        mixed = _same_class(context, found, used, options) if found is not None else set()
        if mixed:
            return mixed | {context.name(option) for option in options}
    return set()


def _options(classes: ast.expr) -> Iterator[ast.expr]:
    """The classes of a tuple, a list or a union."""
    match classes:
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            for part in parts:
                yield from _options(part)
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            yield from _options(left)
            yield from _options(right)
        case _:
            yield classes


def _is_type(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="type"), args=[_]) | ast.Attribute(attr="__class__"):
            return True
    return False


def _test(context: FileContext, test: ast.expr, options: list[ast.expr], used: set[str]) -> None:
    made: dict[ast.expr, list[ast.expr]] = {}
    functions: dict[ast.expr, ast.expr] = {}
    for option in options:
        name = context.name(option)
        if name == "torch.dtype":
            made[option] = _dtypes(context)
        elif not name.startswith("torch.nn.") or context.index.value(name) is not None:
            continue
        elif (found := class_of(context, name)) is not None:
            mixed = _same_class(context, found, used, options)
            if mixed:
                reason = f"{name} has the same class in JAX as {', '.join(sorted(mixed))}"
                context.leave(option, "TJ202", name, reason)
            else:
                made[option] = _references(context, name, found, used)
        elif (function := function_of(context.index, name)) is not None:
            functions[option] = function
        elif name in context.index.functions:
            _leave(context, option, name)
    if functions:
        _compare_functions(context, test, options, functions)
    _name_classes(context, options, made)


def _dtypes(context: FileContext) -> list[ast.expr]:
    """What dtypes are in JAX: ``x.dtype`` is a dtype, ``jnp.float32`` and ``float`` are types."""
    context.imports.add("import jax.numpy as jnp")
    dtype = ast.Attribute(ast.Name("jnp", ast.Load()), "dtype", ast.Load())
    return [dtype, ast.Name("type", ast.Load())]


def _same_class(
    context: FileContext, found: LayerClass, used: set[str], options: list[ast.expr]
) -> set[str]:
    """The layers of a program that have a class too, although a test is not for them."""
    names = {
        name
        for name in used | {context.name(option) for option in options}
        if class_of(context, name) == found
    }
    if any(_is_base(name) for name in names & {context.name(option) for option in options}):
        return set()
    return {name for name in names if not _is_base(name)} - {context.name(o) for o in options}


def _is_base(name: str) -> bool:
    return name.rpartition(".")[2].startswith("_")


def _references(
    context: FileContext, name: str, found: LayerClass, used: set[str]
) -> list[ast.expr]:
    """The classes that stand for a layer in the output."""
    context.rules[name] = None
    made = [found.refer(context)]
    derived = _DERIVED.get(name)
    if derived and any(other.startswith("torch.nn.ConvTranspose") for other in used):
        other = class_of(context, derived)
        made += [other.refer(context)] if other is not None else []
    return made


def _name_classes(
    context: FileContext, options: list[ast.expr], made: dict[ast.expr, list[ast.expr]]
) -> None:
    """Put the classes in the place of PyTorch's, each once."""
    if not made:
        return
    for option in made:
        context.done.update(walk(option))
    parts = {ast.unparse(part): part for o in options for part in made.get(o, [o])}
    group = context.edits.parents[options[0]]
    if isinstance(group, ast.Tuple) and len(parts) != len(options):
        [*classes] = parts.values()
        whole = classes[0] if len(classes) == 1 else ast.Tuple(classes, ast.Load())
        context.edits.replace(group, whole)
        return
    for option, classes in made.items():
        several = len(classes) > 1
        context.edits.replace(option, ast.Tuple(classes, ast.Load()) if several else classes[0])


def _compare_functions(
    context: FileContext,
    test: ast.expr,
    options: list[ast.expr],
    functions: dict[ast.expr, ast.expr],
) -> None:
    """``isinstance(self.head, nn.Identity)`` → ``self.head is jax.nn.identity``."""
    if not compares_functions(context, test, options):
        for option in functions:
            _leave(context, option, context.name(option))
        return
    assert isinstance(test, ast.Call)
    [(option, function)] = functions.items()
    context.rules[context.name(option)] = None
    context.imports.add("import jax")
    context.edits.replace(test, ast.Compare(test.args[0], [ast.Is()], [function]))
    context.done.update(walk(option))


def compares_functions(context: FileContext, test: ast.expr, options: list[ast.expr]) -> bool:
    """Whether a test for a layer may compare with the function that the layer always is."""
    match test:
        case ast.Call(func=ast.Name(id="isinstance"), args=[value, _]) if len(options) == 1:
            function = function_of(context.index, context.name(options[0]))
            return function is not None and _holds_functions(context, value)
    return False


def _holds_functions(context: FileContext, value: ast.expr) -> bool:
    """Whether an expression surely is not found by walking over the modules of a model.

    That walk passes by what is no module in JAX.
    """
    if isinstance(value, ast.Attribute | ast.Subscript):
        return True
    function = context.enclosing_function(value)
    if not isinstance(value, ast.Name) or function is None:
        return False
    if value.id in {parameter.arg for parameter in parameters(function.args)}:
        return False
    return not any(
        isinstance(loop, ast.For | ast.comprehension)
        and any(
            isinstance(part, ast.Attribute) and part.attr in _TRAVERSALS for part in walk(loop.iter)
        )
        and any(isinstance(p, ast.Name) and p.id == value.id for p in walk(loop.target))
        for loop in walk(function)
    )


def _leave(context: FileContext, option: ast.expr, name: str) -> None:
    reason = f"{name} becomes a function in JAX, which has no class to test for"
    context.leave(option, "TJ202", name, reason)
    context.done.update(walk(option))
