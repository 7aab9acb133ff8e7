"""Registration: ``self.register_buffer(name, value)`` becomes an assignment to the attribute."""

from __future__ import annotations

import ast

from tojax.source.trees import walk
from tojax.translate.context import FileContext


def register(context: FileContext, node: ast.Call, what: str) -> None:
    """Assign what ``register_buffer`` (``what`` is ``"buffer"``) and its like register."""
    statement = context.edits.parents[node]
    if isinstance(statement, ast.Tuple) and len(statement.elts) == 1:
        statement = context.edits.parents[statement]  # a comma after the call
    context.done.add(node)
    match node:
        case ast.Call(
            func=ast.Attribute(value=owner), args=[ast.Starred() as pair], keywords=[]
        ) if what != "buffer":
            setting = ast.Call(ast.Name("setattr", ast.Load()), [owner, pair], [])
            context.edits.replace(node, setting)
            return
    given = {k.arg: k.value for k in node.keywords}
    names = ["name", "tensor", "persistent"] if what == "buffer" else ["name", "value"]
    given |= dict(zip(names, node.args, strict=False))
    value = given.get("tensor") or given.get("value") or given.get("param") or given.get("module")
    if value is None or "name" not in given or not isinstance(statement, ast.Expr | ast.Lambda):
        context.leave(node, "TJ202", context.name(node.func), "registration is not understood")
        return
    assert isinstance(node.func, ast.Attribute)
    key = given["name"]
    if what == "buffer" and _is_none(value) and _is_set_elsewhere(context, node, key):
        value = absent_data(context)
    elif what == "buffer":
        value = _buffer(context, value, given.get("persistent"))
    elif isinstance(value, ast.Name) and context.kind(value).tag == "parameter":
        context.done.add(value)  # the variable itself
    made: ast.stmt
    if isinstance(statement, ast.Lambda):
        context.edits.replace(node, _setattr(node.func.value, key, value))
        return
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        target = ast.Attribute(node.func.value, key.value, ast.Store())
        made = ast.Assign([target], value)
    else:
        made = ast.Expr(_setattr(node.func.value, key, value))
    context.edits.replace_statement(statement, [made])


def _setattr(owner: ast.expr, key: ast.expr, value: ast.expr) -> ast.expr:
    return ast.Call(ast.Name("setattr", ast.Load()), [owner, key, value], [])


def registering(context: FileContext, node: ast.Attribute) -> None:
    """``self.register_buffer`` as a value: a function that sets the attribute."""
    context.imports.add("from flax import nnx")
    context.done.add(node)
    made = ast.parse(
        "lambda name, tensor, persistent=True: "
        "setattr(owner, name, nnx.Variable(tensor, persistent=persistent))",
        mode="eval",
    ).body
    assert isinstance(made, ast.Lambda)
    assert isinstance(made.body, ast.Call)
    made.body.args[0] = node.value
    context.edits.replace(node, made)


def _buffer(context: FileContext, value: ast.expr, persistent: ast.expr | None) -> ast.expr:
    if _is_none(value):
        return value
    context.imports.add("from flax import nnx")
    variable = ast.Attribute(ast.Name("nnx", ast.Load()), "Variable", ast.Load())
    always = persistent is None or (isinstance(persistent, ast.Constant) and persistent.value)
    keywords = [] if always or persistent is None else [ast.keyword("persistent", persistent)]
    made = ast.Call(variable, [value], keywords)
    match value:
        case ast.IfExp(test=test, body=body, orelse=ast.Constant(value=None) as absent):
            return ast.IfExp(test, ast.Call(variable, [body], keywords), absent)
        case ast.Name() if context.kind(value).optional:
            is_absent = ast.Compare(value, [ast.Is()], [ast.Constant(None)])
            return ast.IfExp(is_absent, ast.Constant(None), made)
    return made


def absent_data(context: FileContext) -> ast.expr:
    """``nnx.data(None)``: NNX wants to know that an attribute will hold data."""
    context.imports.add("from flax import nnx")
    data = ast.Attribute(ast.Name("nnx", ast.Load()), "data", ast.Load())
    return ast.Call(data, [ast.Constant(None)], [])


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_set_elsewhere(context: FileContext, node: ast.Call, key: ast.expr) -> bool:
    """Whether another method of the class registers or assigns the same attribute."""
    name = key.value if isinstance(key, ast.Constant) else None
    owner, here = context.enclosing_class(node), context.enclosing_function(node)
    for method in owner.body if owner is not None else []:
        for part in walk(method) if method is not here else []:
            match part:
                case ast.Attribute(attr=attr, ctx=ast.Store()) if attr == name:
                    return True
                case ast.Call(
                    func=ast.Attribute(attr="register_buffer"), args=[ast.Constant(value=attr), *_]
                ) if attr == name:
                    return True
    return False
