"""How layers start: like Flax's, or with the arguments that make them start like PyTorch's."""

from __future__ import annotations

import ast

from tojax.rules.index import RuleIndex
from tojax.rules.modules import Rule, RuleModule
from tojax.source.facts import parameters
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.specialise import Argument

_TESTS = {"isinstance", "issubclass", "type"}


def chosen(context: FileContext, rule: Rule) -> dict[str, Argument]:
    """The argument ``init`` of a rule function, if it has it and PyTorch's start is wanted."""
    if context.init == "flax" or not _takes(context.index, rule, "init"):
        return {}
    return {"init": Argument(ast.Constant(context.init))}


def initializers(context: FileContext, rule: Rule) -> list[ast.keyword]:
    """The arguments with which a layer of the library starts like PyTorch's, if that is wanted."""
    if context.init == "flax":
        return []
    return [
        ast.keyword(name, _expression(context, rule.module, text))
        for name, text in rule.initializers.items()
    ]


def with_initializers(
    context: FileContext, rule: Rule, call: ast.Call, function: ast.expr
) -> ast.Call | None:
    """An original call of ``function`` that hands on initializers, and keys for them.

    Returns None if the layer starts as it does by itself.
    """
    added = initializers(context, rule)
    added += [ast.keyword(name, each.node) for name, each in chosen(context, rule).items()]
    if not added:
        return None
    if _takes(context.index, rule, "rngs"):
        key = ast.Name("rngs", ast.Load())
        context.draws.append((call, key))
        added.append(ast.keyword("rngs", key))
    return ast.Call(function, call.args, [*call.keywords, *added])


def inherited_constructors(context: FileContext) -> None:
    """Calls of the user's classes that have no constructor but that of a layer of PyTorch's."""
    calls = context.edits.parents if context.init == "torch" else ()
    for node in list(calls):
        if not isinstance(node, ast.Call) or node in context.done:
            continue
        kind = context.kind(node.func)
        facts = context.program.class_of(kind) if kind.tag == "class" else None
        if facts is None or context.program.method(facts, "__init__") is not None:
            continue
        for base in context.program.torch_bases(facts):
            rule = context.index.base(base)
            started = rule and with_initializers(context, rule, node, node.func)
            if started:
                context.edits.replace(node, started)


def as_value(
    context: FileContext, rule: Rule, place: ast.expr, reference: ast.expr
) -> ast.expr | None:
    """A layer's class that stands where it may be called later, with its initializers bound.

    Returns None where it is only compared, or starts as it does by itself.
    """
    added = initializers(context, rule)
    if not added or not _is_handed_on(context, place):
        return None
    context.imports.add("import functools")
    partial = ast.Attribute(ast.Name("functools", ast.Load()), "partial", ast.Load())
    return ast.Call(partial, [reference], added)


def _takes(index: RuleIndex, rule: Rule, name: str) -> bool:
    return any(argument.arg == name for argument in index.signature(rule).kwonlyargs)


def _expression(context: FileContext, module: RuleModule, text: str) -> ast.expr:
    """An initializer that a rule module names, as an expression of the output."""
    expression = ast.parse(text, mode="eval").body
    for node in walk(expression):
        if isinstance(node, ast.Name):
            found = context.index.definition(module, node.id)
            if found is not None:
                key = found[0].name, found[1].name
                context.helpers.setdefault(key, []).append(node)
            else:
                context.imports.add(module.imports[node.id])
    return expression


def _is_handed_on(context: FileContext, place: ast.AST) -> bool:
    """Whether a class is an argument, a default or part of a value, not of a test or a type."""
    parents = context.edits.parents
    node, parent = place, parents[place]
    while isinstance(parent, ast.Tuple | ast.List | ast.Dict | ast.IfExp):
        if node in getattr(parent, "keys", ()) or node is getattr(parent, "test", None):
            return False
        node, parent = parent, parents[parent]
    tested = _tested(context)
    match parent:
        case ast.Call(func=func):
            return func is not node and not (isinstance(func, ast.Name) and func.id in _TESTS)
        case ast.keyword(arg=name):
            return name not in tested
        case ast.Subscript(value=value):
            return value is node
        case ast.Assign(targets=targets):
            return not any(_name(target) in tested for target in targets)
        case ast.AnnAssign(value=value, target=target):
            return value is node and _name(target) not in tested
        case ast.arguments():
            return not any(parameter.arg in tested for parameter in parameters(parent))
    return isinstance(parent, ast.Return)


def _tested(context: FileContext) -> set[str]:
    """Names and attributes that hold classes which values are tested for."""
    return {
        _name(part)
        for node in context.edits.nodes(ast.Call)
        if isinstance(node.func, ast.Name)
        if node.func.id in _TESTS
        for part in node.args[1:]
    } - {""}


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
