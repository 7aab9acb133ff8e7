"""Functions that use a module without being given it: its gradient would not be seen through them.

Inside ``nnx.value_and_grad`` the module is another object than the one outside. What reaches for
``model`` by itself finds the one outside, and gets no gradient without any error.
"""

from __future__ import annotations

import ast

from tojax.source.facts import ClassFacts, Function, parameters
from tojax.translate.context import FileContext
from tojax.translate.passes.dataflow import Scope, text_of, writes
from tojax.translate.passes.region import Region


def hidden_use(context: FileContext, scope: Scope, region: Region) -> str:
    """Which function uses which of the region's modules by itself, as a text; empty if none."""
    nested = {
        node.name: node
        for node in ast.walk(scope)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node is not scope
    }
    models = {*region.backward.models}
    queue = [f for s in region.inside for f in _called(context, s, nested)]
    seen: set[Function] = set()
    while queue:
        function = queue.pop()
        if function in seen:
            continue
        seen.add(function)
        used = _free(function) & models
        if not _is_of_same_object(context, scope, function):
            used = {name for name in used if "." not in name}
        if used and function in context.edits.spans:
            return f"{function.name}() uses {min(used)} itself; give it as an argument"
        queue += _called(context, function, nested)
    return ""


def _is_of_same_object(context: FileContext, scope: Scope, function: Function) -> bool:
    """Whether ``self`` may be the same in two methods: one class has both, or inherits one."""
    home = context.enclosing_class(scope)
    facts = context.facts.class_of.get(home) if home is not None else None
    if facts is None:
        return False
    return any(function in base.functions for base in context.program.base_classes(facts))


def _called(
    context: FileContext, node: ast.AST, nested: dict[str, ast.FunctionDef | ast.AsyncFunctionDef]
) -> list[Function]:
    found: list[Function] = []
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            targets = context.inference.callees.get(call, [])
            found += [target for target in targets if not isinstance(target, ClassFacts)]
            if isinstance(call.func, ast.Name) and call.func.id in nested:
                found.append(nested[call.func.id])
    return found


def _free(function: Function) -> set[str]:
    """The names that a function reads and does not bind, and the attributes of ``self``."""
    own = {argument.arg for argument in parameters(function.args)}
    own |= {name for statement in function.body for name in writes(statement)}
    found: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id not in own:
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            found.add(text_of(node))
    return {name for name in found if "." not in name or name.startswith("self.")}
