"""``model.train(flag)``: NNX sets the mode of a module by two methods."""

from __future__ import annotations

import ast
import re

from tojax.translate.context import FileContext


def train(context: FileContext, node: ast.Call) -> None:
    """Write ``model.train()`` or ``model.eval()``, by a condition where the flag is not known."""
    assert isinstance(node.func, ast.Attribute)
    flag = node.args[0] if node.args else node.keywords[0].value
    if context.kind(node.func.value).name == "" and not _is_flag(context, flag):
        return  # agent.train(replay_buffer)
    on = ast.Call(ast.Attribute(node.func.value, "train", ast.Load()), [], [])
    off = ast.Call(ast.Attribute(node.func.value, "eval", ast.Load()), [], [])
    context.done.add(node)
    if isinstance(flag, ast.Constant):
        context.edits.replace(node, on if flag.value else off)
    else:
        context.edits.replace(node, ast.IfExp(flag, on, off))


def _is_flag(context: FileContext, node: ast.expr) -> bool:
    """Whether an expression is true or false, by its form or by its name."""
    if isinstance(node, ast.Constant | ast.Compare | ast.BoolOp | ast.UnaryOp):
        return True
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return context.kind(node).tag == "bool" or re.search(r"train|mode|flag|eval", name) is not None
