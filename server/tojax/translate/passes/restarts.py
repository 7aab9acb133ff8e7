"""Layers of PyTorch call ``self.reset_parameters()`` when constructed; subclasses override it."""

from __future__ import annotations

import ast

from tojax.source.facts import ClassFacts, Function
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.insertions import insert_after, insert_before, is_super_init

_RESET = "reset_parameters"
_ADVICE = f"{_RESET}: NNX's own layers have no such method; construct the model anew"


def restarts(context: FileContext) -> None:
    """Call ``reset_parameters`` of the classes that override it when they are constructed.

    Classes without a constructor are noted: they get one when it is known who needs keys.
    Layers of which it is not known whether they have the method are reported.
    """
    _calls_by_chance(context)
    for facts in context.facts.classes.values():
        if facts.node not in context.edits.spans or not _is_called(context, facts):
            continue
        constructor = facts.methods.get("__init__")
        if constructor is not None:
            _call_after_base(context, facts, constructor)
        elif _RESET in facts.methods:
            context.restarted.add(facts)


def _calls_by_chance(context: FileContext) -> None:
    own = any(
        _RESET in c.methods for m in context.program.modules.values() for c in m.classes.values()
    )
    for node in context.edits.nodes(ast.Call):
        match node:
            case ast.Call(func=ast.Name(id="hasattr"), args=[layer, ast.Constant(value=attr)]):
                if attr == _RESET and f"{context.kind(layer).name}.{_RESET}" in context.index:
                    context.edits.replace(node, ast.Constant(True))
                elif attr == _RESET and _may_be_any_layer(context, layer):
                    context.leave(node, "TJ201", f"torch.nn.Module.{_RESET}", _ADVICE)
            case ast.Call(func=ast.Attribute(value=layer, attr=attr)):
                if attr == _RESET and not own and _may_be_any_layer(context, layer):
                    context.leave(node, "TJ201", f"torch.nn.Module.{_RESET}", _ADVICE)


def _may_be_any_layer(context: FileContext, node: ast.expr) -> bool:
    kind = context.kind(node)
    return kind.tag == "unknown" or (kind.tag == "module" and not kind.name)


def _is_called(context: FileContext, facts: ClassFacts) -> bool:
    """Whether a class has a ``reset_parameters`` that a base class of PyTorch's calls."""
    program = context.program
    bases = program.torch_bases(facts)
    calls = any(f"{base}.{_RESET}" in context.index for base in bases)
    if not calls or program.method(facts, _RESET) is None:
        return False
    inherited = [base for base in program.base_classes(facts) if base is not facts]
    return not any(_is_called(context, base) for base in inherited)  # whose constructor calls it


def _call_after_base(context: FileContext, facts: ClassFacts, constructor: Function) -> None:
    """Insert the call, unless the constructor starts the layer later by itself."""
    call = f"{constructor.args.args[0].arg}.{_RESET}()"
    if any(isinstance(s, ast.Expr) and ast.unparse(s) == call for s in constructor.body):
        return
    for node in walk(constructor):
        if isinstance(node, ast.Expr) and _constructs_base(context, facts, node.value):
            following = _next(constructor, node)
            if following is not None:
                insert_before(context, following, ast.parse(call).body)
            else:
                insert_after(context, node, ast.parse(call).body)


def _constructs_base(context: FileContext, facts: ClassFacts, node: ast.expr) -> bool:
    """``super().__init__(…)`` or ``nn.Linear.__init__(self, …)``."""
    if is_super_init(node):
        return True
    match node:
        case ast.Call(func=ast.Attribute(value=base, attr="__init__")):
            return context.name(base) in context.program.torch_bases(facts)
    return False


def _next(function: Function, statement: ast.stmt) -> ast.stmt | None:
    """The statement of a function's body after another, before which stored keys come too."""
    if statement not in function.body:
        return None
    after = function.body[function.body.index(statement) + 1 :]
    return after[0] if after else None
