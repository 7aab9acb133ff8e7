"""``model.train(flag)``: NNX sets the mode of a module by two methods, which return nothing."""

from __future__ import annotations

import ast
import re

from tojax.source.kinds import is_array
from tojax.translate.context import FileContext
from tojax.translate.insertions import insert_after
from tojax.translate.passes.dataflow import text_of


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


def gives_module(context: FileContext, node: ast.Call) -> bool:
    """Whether code goes on with the module that ``train()`` or ``eval()`` returns."""
    assert isinstance(node.func, ast.Attribute)
    owner = context.kind(node.func.value)
    is_module = owner.tag in ("module", "unknown") or is_array(owner)
    if owner.name == "" and node.args and not _is_flag(context, node.args[0]):
        return False  # return agent.train(replay_buffer)
    is_own = is_module and not context.inference.callees.get(node)
    return is_own and not isinstance(context.edits.parents[node], ast.Expr)


def switched(context: FileContext, node: ast.Call) -> None:
    """``net = Net().eval()`` → ``net = Net()`` and ``net.eval()``; ``in_mode(Net(), False)``."""
    assert isinstance(node.func, ast.Attribute)
    module, attr = node.func.value, node.func.attr
    flags = [*node.args, *(keyword.value for keyword in node.keywords)]
    statement = context.edits.parents[node]
    context.done.update({node, node.func})
    match statement:
        case ast.Assign(targets=[target], value=value) if value is node and not flags:
            called = ast.parse(f"{text_of(target)}.{attr}()").body if text_of(target) else []
            if called and text_of(target) == text_of(module):
                context.edits.replace_statement(statement, called)
                return
            if called and _is_surely_module(context, module):
                context.edits.replace(node, module)
                insert_after(context, statement, called)
                return
    flag = flags[0] if flags else ast.Constant(attr == "train")
    helper = context.helper("module_methods", "in_mode")
    context.edits.replace(node, ast.Call(helper, [module, flag], []))


def _is_surely_module(context: FileContext, node: ast.expr) -> bool:
    """Whether something is a module, also if only by what was called on it before."""
    if context.kind(node).tag == "module":
        return True
    match node:
        case ast.Call(func=ast.Attribute(attr="to" | "cuda" | "cpu")):
            return True
    return False


def _is_flag(context: FileContext, node: ast.expr) -> bool:
    """Whether an expression is true or false, by its form or by its name."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, bool)
    if isinstance(node, ast.Compare | ast.BoolOp | ast.UnaryOp):
        return True
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return context.kind(node).tag == "bool" or re.search(r"train|mode|flag|eval", name) is not None
