"""Notes on parameters, ``param.requires_grad = False`` above all, go into their metadata.

Where a project freezes anything, gradients and optimizers take the parameters that are not frozen,
by the filter `is_trainable`.
"""

from __future__ import annotations

import ast

from tojax.source.kinds import is_array
from tojax.source.names import attributes_of
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.passes.dataflow import text_of

_FLAG = "requires_grad"


def freezes(contexts: list[FileContext]) -> bool:
    """Whether a project freezes parameters anywhere."""
    return any(
        _is_flag(context, node) or _is_call(context, node)
        for context in contexts
        for node in context.edits.nodes(ast.Attribute, ast.Call)
    )


def _is_flag(context: FileContext, node: ast.AST) -> bool:
    """Whether a node sets ``requires_grad`` of a parameter."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and node.attr == _FLAG
        and _is_parameter(context, node.value)
    )


def _is_call(context: FileContext, node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == f"{_FLAG}_"
        and (context.kind(node.func.value).tag in ("module", "parameter"))
    )


def _is_parameter(context: FileContext, owner: ast.expr) -> bool:
    return context.kind(owner).tag == "parameter"


def freezing(context: FileContext) -> None:
    """Rewrite what sets and reads ``requires_grad``."""
    for node in context.edits.nodes(ast.Assign, ast.Call, ast.Attribute):
        match node:
            case ast.Assign(targets=[ast.Attribute(attr="requires_grad") as target], value=value):
                _assign(context, node, target, value)
            case ast.Assign(targets=[ast.Attribute() as target], value=value) if _is_note(
                context, target
            ):
                note = ast.Expr(_set_metadata(target.value, value, target.attr))
                context.edits.replace_statement(node, [note])
            case ast.Call(func=ast.Attribute(value=owner, attr="requires_grad_")) if _is_parameter(
                context, owner
            ):
                _call(context, node, owner)
            case ast.Attribute(value=owner, attr="requires_grad", ctx=ast.Load()) if (
                context.freezes and _is_parameter(context, owner)
            ):
                context.done.add(node)
                helper = context.helper("module_tree", "is_trainable")
                context.edits.replace(
                    node, ast.Call(helper, [ast.Tuple([], ast.Load()), owner], [])
                )


def _assign(context: FileContext, node: ast.Assign, target: ast.Attribute, value: ast.expr) -> None:
    if _is_parameter(context, target.value):
        context.done.add(target)
        made = ast.Expr(_set_metadata(target.value, value))
        context.edits.replace_statement(node, [made])
    elif is_array(context.kind(target.value)) or _is_asked(context, target.value):
        context.edits.replace_statement(node, [])
    elif context.name(target):
        context.leave(node, "TJ203", context.name(target), "cannot tell what is frozen")


def _is_note(context: FileContext, target: ast.Attribute) -> bool:
    """Whether an attribute of a parameter is the user's own: ``bias._no_weight_decay = True``."""
    return _is_parameter(context, target.value) and target.attr not in attributes_of("torch.Tensor")


def _is_asked(context: FileContext, owner: ast.expr) -> bool:
    """Whether the gradient of what a name stands for is read: it is an array, nothing to freeze."""
    scope = context.enclosing_function(owner) or context.edits.tree
    return isinstance(owner, ast.Name) and any(
        isinstance(part, ast.Attribute) and part.attr == "grad" and text_of(part.value) == owner.id
        for part in walk(scope)
    )


def _call(context: FileContext, node: ast.Call, owner: ast.expr) -> None:
    """``param.requires_grad_(False)``; the value of the call is the parameter."""
    flags = [*node.args, *(keyword.value for keyword in node.keywords)]
    statement = context.edits.parents[node]
    context.done.add(node)
    if isinstance(statement, ast.Expr):
        flag = flags[0] if flags else ast.Constant(True)
        context.edits.replace_statement(statement, [ast.Expr(_set_metadata(owner, flag))])
    else:
        context.leave(node, "TJ203", context.name(node.func), "freezes inside an expression")


def _set_metadata(owner: ast.expr, value: ast.expr, name: str = _FLAG) -> ast.Call:
    method = ast.Attribute(_variable(owner), "set_metadata", ast.Load())
    return ast.Call(method, [], [ast.keyword(name, value)])


def _variable(owner: ast.expr) -> ast.expr:
    """The parameter itself; an original expression would be printed as its value."""
    if isinstance(owner, ast.Attribute):
        return ast.Attribute(owner.value, owner.attr, ast.Load())
    return ast.Name(owner.id, ast.Load()) if isinstance(owner, ast.Name) else owner


def trained(context: FileContext) -> ast.expr:
    """The filter of the variables that are trained: ``nnx.Param``, or those not frozen."""
    if context.freezes:
        return context.helper("module_tree", "is_trainable")
    return ast.Attribute(ast.Name("nnx", ast.Load()), "Param", ast.Load())
