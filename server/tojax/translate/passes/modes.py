"""Modes that JAX does not have: ``no_grad``, ``set_grad_enabled``, global switches."""

from __future__ import annotations

import ast

from tojax.source.kinds import is_array
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.edits import Comment, Moved

_GRADIENT_MODES = {
    "torch.no_grad", "torch.inference_mode", "torch.enable_grad", "torch.set_grad_enabled",
    "torch.autograd.no_grad", "torch.autograd.enable_grad", "torch.autograd.set_grad_enabled",
    "torch.autograd.set_detect_anomaly", "torch.autograd.detect_anomaly",
    "torch.autograd.inference_mode", "torch.autograd.grad_mode.no_grad",
}  # fmt: skip
# Where a value is computed, with what kernel or precision, how often, or how long it takes.
_SETTINGS = {
    "torch.amp.autocast", "torch.autograd.profiler.profile",
    "torch.autograd.profiler.record_function",
    "torch.backends.cuda.sdp_kernel", "torch.backends.cudnn.flags", "torch.cuda.device",
    "torch.cuda.nvtx.range", "torch.cuda.stream", "torch.nn.attention.sdpa_kernel",
    "torch.nn.utils.parametrize.cached", "torch.profiler.record_function",
}  # fmt: skip
_STOPS = {"torch.no_grad", "torch.inference_mode", "torch.autograd.no_grad",
          "torch.autograd.inference_mode"}  # fmt: skip
_SWITCHES = ("torch.backends.", "torch.autograd.set_", "torch.set_grad_enabled")


def modes(context: FileContext) -> None:
    """Remove gradient modes; values computed under ``no_grad`` keep no gradient."""
    for node in context.edits.nodes(ast.With, ast.Assign, ast.Expr):
        match node:
            case ast.With():
                _with(context, node)
            case ast.Assign(targets=[ast.Attribute(value=owner)]) if context.name(owner).startswith(
                "torch.backends"
            ):
                _remove(context, node)
            case ast.Expr(value=ast.Call(func=func)) if context.name(func).startswith(_SWITCHES):
                _remove(context, node)


def _remove(context: FileContext, node: ast.stmt) -> None:
    context.done.update(walk(node))
    context.edits.replace_statement(node, [])


def mode_of(context: FileContext, node: ast.expr) -> str:
    """The name of the mode that a context manager or a decorator turns on; "" for any other."""
    called = node.func if isinstance(node, ast.Call) else node
    name = context.name(called)
    return name if name in _GRADIENT_MODES or name in _SETTINGS else ""


def stops(context: FileContext, node: ast.expr) -> bool:
    """Whether a context manager or a decorator keeps gradients from being recorded."""
    return mode_of(context, node) in _STOPS


def _with(context: FileContext, node: ast.With) -> None:
    modes_found = [mode_of(context, item.context_expr) for item in node.items]
    if not any(modes_found):
        return
    for item, mode in zip(node.items, modes_found, strict=True):
        if mode and _is_read(context, item.optional_vars):
            reason = "its value is read; JAX has no such object"
            context.leave(item.context_expr, "TJ201", mode, f"{mode}: {reason}")
            return
    for item, mode in zip(node.items, modes_found, strict=True):
        if mode:
            context.done.update(walk(item.context_expr))
    if not all(modes_found):
        _drop_items(context, node, [not mode for mode in modes_found])
        return
    stopped = _stopped_names(context, node) if any(m in _STOPS for m in modes_found) else []
    made: list[ast.stmt] = [Moved(node.body, in_place=True)]
    if "torch.amp.autocast" in modes_found:
        made.insert(0, Comment("No autocast: JAX computes in the dtypes of its arrays."))
    for name in stopped:
        context.imports.add("import jax")
        made.append(_stop_gradient(name))
    context.edits.replace_statement(node, made)


def _is_read(context: FileContext, target: ast.expr | None) -> bool:
    """Whether the name that a context manager is given is read."""
    scope = context.enclosing_function(target) if target is not None else None
    return isinstance(target, ast.Name) and any(
        isinstance(part, ast.Name) and part.id == target.id and isinstance(part.ctx, ast.Load)
        for part in walk(scope or context.edits.tree)
    )


def keeps_no_gradient(context: FileContext, node: ast.AST) -> bool:
    """Whether a node of a layer's method runs under ``no_grad`` (initialisation apart)."""
    function = context.enclosing_function(node)
    owner = context.enclosing_class(node)
    facts = context.facts.class_of.get(owner) if owner is not None else None
    if function is None or facts is None or "init" in function.name:
        return False
    current: ast.AST = node
    while current is not function:
        if isinstance(current, ast.With):
            if any(stops(context, item.context_expr) for item in current.items):
                return True
        current = context.edits.parents[current]
    return any(stops(context, decorator) for decorator in function.decorator_list)


def stop_gradient(value: ast.expr) -> ast.expr:
    """``jax.lax.stop_gradient(value)``."""
    lax = ast.Attribute(ast.Name("jax", ast.Load()), "lax", ast.Load())
    return ast.Call(ast.Attribute(lax, "stop_gradient", ast.Load()), [value], [])


def _drop_items(context: FileContext, node: ast.With, keep: list[bool]) -> None:
    spans = context.edits.spans
    kept = [item for item, keeps in zip(node.items, keep, strict=True) if keeps]
    start = spans[node.items[0].context_expr][0]
    last = node.items[-1]
    end = spans[last.optional_vars or last.context_expr][1]
    source = context.edits.text.source
    parts = [
        source[spans[i.context_expr][0] : spans[i.optional_vars or i.context_expr][1]] for i in kept
    ]
    context.edits.replace_text(node, start, end, ", ".join(parts))


def _stopped_names(context: FileContext, node: ast.With) -> list[str]:
    """Arrays that are bound under ``no_grad`` and used after it, where gradients may be taken."""
    function = context.enclosing_function(node)
    if function is None or not _differentiates(context, function, node):
        return []
    names: dict[str, None] = {}
    for part in walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            if context.kind(part).tag == "array":  # a name of a parameter is the parameter
                names[part.id] = None
    end = context.edits.spans[node][1]
    used = {
        part.id
        for part in walk(function)
        if isinstance(part, ast.Name)
        and isinstance(part.ctx, ast.Load)
        and context.edits.spans.get(part, (0, 0))[0] >= end
    }
    return [name for name in names if name in used]


def _differentiates(context: FileContext, function: ast.AST, node: ast.With) -> bool:
    """Whether a function computes with arrays outside of a ``with`` statement too."""
    owner = context.enclosing_class(node)
    facts = context.facts.class_of.get(owner) if owner is not None else None
    if facts is not None and context.program.is_layer(facts):
        return True
    inside = set(walk(node))
    outside = [part for part in walk(function) if part not in inside]
    return any(
        (isinstance(part, ast.Attribute) and part.attr == "backward")
        or (isinstance(part, ast.Call | ast.BinOp) and is_array(context.kind(part)))
        for part in outside
    )


def _stop_gradient(name: str) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], stop_gradient(ast.Name(name, ast.Load())))
