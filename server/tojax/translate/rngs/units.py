"""Who provides the keys at a place of the code: a class, a function, or a file."""

from __future__ import annotations

import ast

from tojax.source.facts import ClassFacts, Function, ModuleFacts, has_decorator
from tojax.translate.context import FileContext
from tojax.translate.insertions import add_keyword

Unit = ClassFacts | Function | ModuleFacts


def unit_of(context: FileContext, node: ast.AST) -> tuple[Unit, Function | None]:
    """Who provides ``rngs`` at a node (class, function or module), and the function it is in."""
    outermost: Function | None = None
    inner, current = node, context.edits.parents.get(node)
    while current is not None:
        if isinstance(current, ast.FunctionDef | ast.AsyncFunctionDef) and inner in current.body:
            outermost = current  # defaults and decorators are evaluated outside of it
        if isinstance(current, ast.ClassDef):
            facts = context.facts.class_of.get(current)
            if facts is not None and outermost is not None and not is_bound_to_no_object(outermost):
                return facts, outermost
            if outermost is None:
                return context.facts, None
        inner, current = current, context.edits.parents.get(current)
    return (outermost, outermost) if outermost is not None else (context.facts, None)


def is_bound_to_no_object(method: Function) -> bool:
    """Whether a method has no ``self`` to find stored keys in."""
    return has_decorator(method, "staticmethod", "classmethod")


def source_of(unit: Unit, function: Function | None) -> ast.expr:
    """The expression for the keys in a function of a unit: ``rngs``, or ``self.rngs``."""
    if isinstance(unit, ClassFacts) and function is not None and function.name != "__init__":
        self_name = function.args.args[0].arg if function.args.args else "self"
        return ast.Attribute(ast.Name(self_name, ast.Load()), "rngs", ast.Load())
    return ast.Name("rngs", ast.Load())


def pass_rngs(context: FileContext, call: ast.Call) -> None:
    """Hand the keys on to an original call."""
    source = source_of(*unit_of(context, call))
    add_keyword(context.edits, call, f"rngs={ast.unparse(source)}")
