"""An optimizer's groups of parameters: ``{"params": [w]}``, ``optimizer.param_groups[0]["lr"]``."""

from __future__ import annotations

import ast

from tojax.translate.context import FileContext
from tojax.translate.rule_calls import RuleCalls
from tojax.translate.specialise.literals import static


def parameter_groups(context: FileContext, rules: RuleCalls, node: ast.Subscript) -> None:
    """Rewrite an item of a group, or the groups where they are read from the optimizer's state."""
    if context.kind(node.value).tag == "group":
        _group_item(context, node)
    elif context.name(node):
        _groups_of_state(context, rules, node)


def _groups_of_state(context: FileContext, rules: RuleCalls, node: ast.Subscript) -> None:
    """``optimizer.state_dict()["param_groups"]``, as ``optimizer.param_groups``."""
    rule = context.index.properties.get(context.name(node))
    match node.value:
        case ast.Call(func=ast.Attribute(value=optimizer) as function) as call if rule is not None:
            groups = ast.Attribute(optimizer, "param_groups", ast.Load())
            context.edits.replace(node, rules.read(context.name(node), rule, groups))
            context.done |= {node, call, function}


def _group_item(context: FileContext, node: ast.Subscript) -> None:
    key = static(node.slice)
    if key in ("lr", "momentum"):
        name = ast.Constant("learning_rate" if key == "lr" else key)
        item = ast.Subscript(node.value, name, ast.Load())
        context.edits.replace(node, ast.Subscript(item, ast.Constant(...), node.ctx))
    else:
        context.leave(node, "TJ202", "torch.optim.Optimizer.param_groups",
                      "only the learning rate and the momentum of a group can change")  # fmt: skip


def is_collected(context: FileContext, node: ast.expr) -> bool:
    """Whether a parameter is put into a collection or a group, for an optimizer mostly."""
    match context.edits.parents[node]:
        case ast.ListComp(elt=item) | ast.SetComp(elt=item) | ast.GeneratorExp(elt=item):
            return item is node and not isinstance(node, ast.Call)
        case ast.DictComp(value=value):
            return value is node
        case ast.List() as listed:  # {"params": [weight]}
            return _is_group(context.edits.parents[listed], listed)
        case parent:
            return _is_group(parent, node)


def _is_group(node: ast.AST, params: ast.expr) -> bool:
    return isinstance(node, ast.Dict) and any(
        value is params and isinstance(key, ast.Constant) and key.value == "params"
        for key, value in zip(node.keys, node.values, strict=True)
    )
