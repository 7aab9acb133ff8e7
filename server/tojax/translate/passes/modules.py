"""``nn.Module`` → ``nnx.Module``: methods, base constructors, buffers and parameters."""

from __future__ import annotations

import ast

from tojax.source.facts import ClassFacts, statements_in
from tojax.source.kinds import NONE, Kind, join
from tojax.source.names import attributes_of
from tojax.translate.context import FileContext
from tojax.translate.edits import Verbatim
from tojax.translate.initial import with_initializers
from tojax.translate.insertions import add_keyword, insert_before, is_super_init
from tojax.translate.passes.parameter_groups import is_collected
from tojax.translate.passes.rebinding import variable_itself
from tojax.translate.passes.registration import register, registering
from tojax.translate.passes.train_calls import gives_module, switched, train

_PLAIN_BASES = {"torch.nn.Module", "ABC", "abc.ABC", "object", "Generic", "Protocol"}
_DROPOUTS = ("torch.nn.Dropout", "torch.nn.modules.dropout.")  # whose ``p`` is nnx's ``rate``
_NO_VALUE = {"shape", "ndim", "dtype", "requires_grad"}


def modules(context: FileContext) -> None:
    """Rewrite the classes that derive from `torch.nn.Module`, and reads of their parameters."""
    for facts in context.facts.classes.values():
        if facts.node in context.edits.spans and context.program.is_layer(facts):
            _class(context, facts)
    for node in context.edits.nodes(ast.Attribute, ast.Name, ast.Call):
        if isinstance(node, ast.Attribute):
            _attribute(context, node)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            _read(context, node)
        elif isinstance(node, ast.Call):
            _call(context, node)


def _class(context: FileContext, facts: ClassFacts) -> None:
    plain = all(base in _PLAIN_BASES for base in facts.bases) and not (
        context.program.is_mixin(facts)  # beside which another base stands
    )
    if facts.key in context.flagged:
        _add_flag(context, facts)
    for function in facts.methods.values():
        if function.name == "forward":
            _rename(context, function)
    for node in statements_in(facts.node.body):
        if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
            continue
        if is_super_init(node.value) or _is_base_init(context, node.value):
            _base_constructor(context, facts, node, node.value, plain)


def _rename(context: FileContext, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    start = context.edits.text.source.index("forward", context.edits.spans[function][0])
    context.edits.replace_text(function, start, start + len("forward"), "__call__")


def _is_base_init(context: FileContext, call: ast.Call) -> bool:
    return context.name(call.func) == "torch.nn.Module.__init__"


def _base_constructor(
    context: FileContext, facts: ClassFacts, statement: ast.Expr, call: ast.Call, plain: bool
) -> None:
    context.done.add(call)
    if plain and not call.keywords and (is_super_init(call) <= (not call.args)):
        context.edits.replace_statement(statement, [])
        return
    for base in context.program.torch_bases(facts):
        layer = context.index.base(base)
        if layer is not None and any(
            a.arg == "rngs" for a in context.index.signature(layer).kwonlyargs
        ):
            started = with_initializers(context, layer, call, call.func)
            if started is not None:
                context.edits.replace(call, started)
                return
            key = ast.Name("rngs", ast.Load())
            context.draws.append((call, key))
            add_keyword(context.edits, call, "rngs=rngs")
            return


def _attribute(context: FileContext, node: ast.Attribute) -> None:
    name = context.name(node)
    if node.attr == "p" and context.kind(node.value).name.startswith(_DROPOUTS):
        context.edits.replace(node, ast.Attribute(node.value, "rate", node.ctx))
    elif node.attr == "forward":
        _forward(context, node)
    elif name == "torch.nn.Module.training":
        _training(context, node)
    elif name == "torch.nn.Module.register_buffer":
        parent = context.edits.parents[node]
        if isinstance(node.ctx, ast.Load) and getattr(parent, "func", None) is not node:
            registering(context, node)
    elif isinstance(node.ctx, ast.Load):
        _read(context, node)


def _forward(context: FileContext, node: ast.Attribute) -> None:
    parent = context.edits.parents[node]
    base = context.kind(node.value)
    if not (isinstance(parent, ast.Call) and parent.func is node):
        return
    if base.tag == "super":
        called = ast.Attribute(node.value, "__call__", ast.Load())
        context.edits.replace(node, called)
    elif base.tag == "module" or (base.tag == "unknown" and not _others_have_forward(context)):
        context.edits.replace(node, node.value)


def _others_have_forward(context: FileContext) -> bool:
    """Whether objects of the user's that are no layers have a ``forward`` too.

    Those of PyTorch's autograd functions do not count: their ``forward`` is a static method.
    """
    program = context.program
    return any(
        "forward" in facts.methods
        and not program.is_layer(facts)
        and not any(base.startswith("torch.autograd.") for base in program.torch_bases(facts))
        for module in program.modules.values()
        for facts in module.classes.values()
    )


def _training(context: FileContext, node: ast.Attribute) -> None:
    context.done.add(node)
    if isinstance(node.ctx, ast.Del):
        reason = "NNX keeps the mode in every layer of its own; there is no flag to delete"
        context.leave(node, "TJ201", "torch.nn.Module.training", reason)
        return
    flag = ast.Attribute(node.value, "deterministic", ast.Load())
    if isinstance(node.ctx, ast.Store):
        parent = context.edits.parents[node]
        if isinstance(parent, ast.Assign):
            negated = ast.UnaryOp(ast.Not(), parent.value)
            context.edits.replace_statement(parent, [ast.Assign([flag], negated)])
        return
    parent = context.edits.parents[node]
    if isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not):
        context.edits.replace(parent, flag)
    else:
        context.edits.replace(node, ast.UnaryOp(ast.Not(), flag))


def flagged_classes(contexts: list[FileContext]) -> frozenset[str]:
    """Keys of the classes whose ``training`` flag some code of the program reads."""
    flagged: set[str] = set()
    for context in contexts:
        for node in context.edits.nodes(ast.Attribute):
            if context.name(node) == "torch.nn.Module.training":
                kind = context.kind(node.value)
                owner = context.program.class_of(kind)
                if owner is not None:
                    flagged.add(owner.key)
                elif kind.tag == "unknown":  # a decorator's ``self`` may be any layer
                    flagged |= {
                        facts.key
                        for other in contexts
                        for facts in other.facts.classes.values()
                        if other.program.is_layer(facts)
                    }
    return frozenset(flagged)


def _add_flag(context: FileContext, owner: ClassFacts) -> None:
    body = owner.node.body
    first = body[1] if len(body) > 1 and _is_docstring(body[0]) else body[0]
    present = context.edits.statements.get(first, [])
    if not any(isinstance(made, _Flag) for made in present):
        blank = [Verbatim("")] if isinstance(first, ast.FunctionDef) else []
        insert_before(context, first, [_Flag(), *blank])


class _Flag(ast.Assign):
    """The attribute that nnx's own ``train()`` and ``eval()`` set."""

    def __init__(self) -> None:
        super().__init__([ast.Name("deterministic", ast.Store())], ast.Constant(False))


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _read(context: FileContext, node: ast.Name | ast.Attribute | ast.Call) -> None:
    """A variable's value is ``variable[...]``; ``self.weight`` alone is the `nnx.Param`."""
    kind = context.kind(node)
    if kind.tag not in ("parameter", "buffer") or node in context.done:
        return
    parent = context.edits.parents[node]
    if _is_variable(parent, node) or is_collected(context, node):
        return
    if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Attribute):
        return
    if isinstance(parent, ast.AugAssign | ast.Delete | ast.For | ast.comprehension):
        return
    if _may_be_absent(context, node, parent):
        kind = join(kind, NONE)
    needed = _is_operand(parent) or _is_initialisation(context, parent)
    value = _value(node, kind.present() if needed else kind)
    match parent:
        case ast.Call(func=ast.Name(id="int" | "float" | "bool")):  # JAX's arrays must have no axis
            value = ast.Call(ast.Attribute(value, "item", ast.Load()), [], [])
    context.edits.replace(node, value)


def _may_be_absent(context: FileContext, node: ast.expr, parent: ast.AST) -> bool:
    """Whether a function of the user's, such as ``exists(m.bias)``, is given a layer's bias."""
    match node:
        case ast.Attribute(value=ast.Name(id=owner), attr="bias") if owner != "self":
            given = parent.args if isinstance(parent, ast.Call) else []
            return isinstance(parent, ast.Call) and node in given and not context.name(parent.func)
    return False


def _is_initialisation(context: FileContext, parent: ast.AST) -> bool:
    return isinstance(parent, ast.Call) and context.name(parent.func).startswith("torch.nn.init.")


def _is_operand(parent: ast.AST) -> bool:
    """Whether None could not stand in an expression either."""
    is_not = isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not)
    return isinstance(parent, ast.BinOp | ast.UnaryOp | ast.Attribute) and not is_not


def _is_variable(parent: ast.AST, node: ast.expr) -> bool:
    """Whether the variable itself does, or is asked for, where a node stands."""
    match parent:
        case ast.Attribute(attr=attr):  # another is a note of the user's
            return attr in _NO_VALUE or attr not in attributes_of("torch.Tensor")
        case ast.Subscript(value=value):
            return value is node
        case ast.Compare(ops=ops):
            return any(isinstance(op, ast.Is | ast.IsNot) for op in ops)
        case ast.Call(
            func=ast.Name(id="isinstance" | "id" | "setattr" | "getattr" | "hasattr" | "print")
        ):
            return True
        case ast.Call(func=ast.Attribute(attr="append" | "add" | "extend"), args=[_]):
            return True
    return isinstance(parent, ast.Call) and parent.func is node


def _value(node: ast.Name | ast.Attribute | ast.Call, kind: Kind) -> ast.expr:
    copy = variable_itself(node)
    value = ast.Subscript(copy, ast.Constant(...), ast.Load())
    if not kind.optional:
        return value
    absent = ast.Compare(copy, [ast.Is()], [ast.Constant(None)])
    return ast.IfExp(absent, ast.Constant(None), value)


def _call(context: FileContext, node: ast.Call) -> None:
    name = context.name(node.func)
    match name:
        case "torch.nn.Module.register_buffer":
            register(context, node, "buffer")
        case "torch.nn.Module.add_module" if _keeps_order(context, node):
            context.done.add(node)
        case (
            "torch.nn.Module.register_parameter"
            | "torch.nn.Module.add_module"
            | "torch.nn.Module.register_module"
        ):
            register(context, node, "child")
        case "torch.nn.Module.train" | "torch.nn.Module.eval" if gives_module(context, node):
            switched(context, node)
        case "torch.nn.Module.train" if node.args or node.keywords:
            train(context, node)
    if isinstance(node.func, ast.Name) and node.func.id == "getattr":
        _read(context, node)
        _read_if_variable(context, node)


def _read_if_variable(context: FileContext, node: ast.Call) -> None:
    """``getattr(self, f"w{i}")`` of which some may be arrays that replaced a variable."""
    if context.kind(node).tag == "array" and not _is_variable(context.edits.parents[node], node):
        helper = context.helper("module_tree", "value_of")
        context.edits.replace(node, ast.Call(helper, [variable_itself(node)], []))


def _keeps_order(context: FileContext, node: ast.Call) -> bool:
    """Whether the call is one of a helper that keeps its layers in order itself."""
    if not isinstance(node.func, ast.Attribute):
        return False
    kind = context.kind(node.func.value)
    facts = context.program.class_of(kind)
    bases = context.program.torch_bases(facts) if facts is not None else [kind.name]
    return bool({"torch.nn.Sequential", "torch.nn.ModuleDict"} & context.touched & set(bases))
