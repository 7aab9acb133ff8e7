"""What PyTorch's modules do behind the scenes: ``train``, tables of submodules, attributes."""

from __future__ import annotations

import ast

from tojax.source.facts import ClassFacts, Function
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.edits import Verbatim
from tojax.translate.insertions import insert_after

_TABLES = {"_modules", "_parameters", "_buffers"}
_READS = {"values", "items", "keys", "get", "copy"}
_READERS = {
    "len",
    "list",
    "dict",
    "tuple",
    "iter",
    "enumerate",
    "reversed",
    "set",
    "sorted",
    "bool",
}


def module_protocol(contexts: list[FileContext]) -> None:
    """Rewrite or report what depends on how PyTorch's `nn.Module` works inside."""
    nested = _nested(contexts)
    others = any(
        "_modules" in facts.attributes and not context.program.is_layer(facts)
        for context in contexts
        for facts in context.facts.classes.values()
    )
    for context in contexts:
        for facts in context.facts.classes.values():
            if facts.node in context.edits.spans and context.program.is_layer(facts):
                _base_calls(context, facts)
                _overridden_train(context, facts, nested)
                _overridden_call(context, facts)
                _attribute_methods(context, facts)
        for node in context.edits.nodes(ast.Attribute):
            if node.attr in _TABLES:
                _table(context, node, others)


def _nested(contexts: list[FileContext]) -> set[str]:
    """Keys of the classes that are constructed in methods of layers."""
    return {
        callee.key
        for context in contexts
        for call, callees in context.inference.callees.items()
        if call in context.edits.parents and _in_layer(context, call)
        for callee in callees
        if isinstance(callee, ClassFacts)
    }


def _in_layer(context: FileContext, node: ast.AST) -> bool:
    owner = context.enclosing_class(node)
    facts = context.facts.class_of.get(owner) if owner is not None else None
    return facts is not None and context.program.is_layer(facts)


def _base_calls(context: FileContext, facts: ClassFacts) -> None:
    """``nn.Linear.__init__(self, 4, 4)`` → ``super().__init__(4, 4, rngs=rngs)``."""
    bases = [base for base in context.program.torch_bases(facts) if base in context.index.layers]
    for node in walk(facts.node) if bases else ():
        match node:
            case ast.Call(
                func=ast.Attribute(value=base, attr=attr), args=[ast.Name(id="self"), *arguments]
            ) if context.name(base) in bases:
                rule = context.layer(context.name(base))
                assert rule is not None and isinstance(rule.node, ast.ClassDef)
                method = "__call__" if attr == "forward" else attr
                if not context.index.has_member(rule.module, rule.node, method):
                    continue
                keywords = list(node.keywords)
                signature = context.index.signature(rule)
                if attr == "__init__" and any(a.arg == "rngs" for a in signature.kwonlyargs):
                    key = ast.Name("rngs", ast.Load())
                    keywords.append(ast.keyword("rngs", key))
                    context.draws.append((node, key))
                parent = ast.Call(ast.Name("super", ast.Load()), [], [])
                called = ast.Attribute(parent, method, ast.Load())
                context.edits.replace(node, ast.Call(called, arguments, keywords))
                context.done.update({node, *walk(node.func)})


# train() and eval()


def _overridden_train(context: FileContext, facts: ClassFacts, nested: set[str]) -> None:
    """``train(self, mode=True)``: NNX has two methods, and does not call those of submodules."""
    train = facts.methods.get("train")
    if train is None or len(train.args.args) < 2:
        return
    for node in walk(train):
        match node:
            case (
                ast.Expr(value=ast.Call(args=[*_, flag]) as call)
                | ast.Return(value=ast.Call(args=[*_, flag]) as call)
            ) if _is_base_train(context, facts, call):
                _switch(context, train, node, call, flag)
    if "eval" not in facts.methods:
        insert_after(context, train, [Verbatim(""), _eval(train.args.args[0].arg)])
    if facts.key in nested:
        reason = (
            "NNX sets the mode of all modules at once and calls no method of those inside others; "
            "call this one after model.train()"
        )
        context.leave(train.args.args[1], "TJ203", "torch.nn.Module.train", reason)


def _is_base_train(context: FileContext, facts: ClassFacts, call: ast.Call) -> bool:
    """Whether a call is ``super().train(mode)`` or ``nn.Linear.train(self, mode)``."""
    name = context.name(call.func)
    bases = [f"{base}.train" for base in context.program.torch_bases(facts)]
    return name == "super.train" or (name in bases and len(call.args) > 1)


def _switch(
    context: FileContext, train: Function, statement: ast.stmt, call: ast.Call, flag: ast.expr
) -> None:
    """``super().train(mode)`` as a choice between the two methods."""
    base = ast.Call(ast.Name("super", ast.Load()), [], [])
    on, off = (
        ast.Expr(ast.Call(ast.Attribute(base, name, ast.Load()), [], []))
        for name in ("train", "eval")
    )
    context.done.update({call, *walk(call.func)})
    made: list[ast.stmt] = [ast.If(flag, [on], [off])]
    if isinstance(flag, ast.Constant):
        made = [on if flag.value else off]
    if isinstance(statement, ast.Return):
        made.append(ast.Return(ast.Name(train.args.args[0].arg, ast.Load())))
    context.edits.replace_statement(statement, made)


def _eval(receiver: str) -> ast.FunctionDef:
    tree = ast.parse(f"def eval({receiver}):\n    return {receiver}.train(False)\n")
    [made] = tree.body
    assert isinstance(made, ast.FunctionDef)
    return made


# __call__, and tables of submodules


def _overridden_call(context: FileContext, facts: ClassFacts) -> None:
    own = facts.methods.get("__call__")
    if own is not None and "forward" in facts.methods:
        reason = "PyTorch calls forward from __call__; NNX has __call__ only, join the two"
        context.leave(own.body[0], "TJ203", "torch.nn.Module.__call__", reason)


def _table(context: FileContext, node: ast.Attribute, others: bool) -> None:
    """``self._modules[name]`` is the attribute; other uses of the table have no counterpart.

    ``others``: there are classes with such an attribute that are no modules.
    """
    kind = context.kind(node.value)
    owner = context.program.class_of(kind)
    item = context.edits.parents[node]
    if owner is None or not context.program.is_layer(owner):
        is_module = kind.tag == "module" or (kind.tag == "unknown" and not others)
        if node.attr == "_modules" and owner is None and is_module and _is_read(node, item):
            _look_up(context, node)
        return
    place = context.edits.parents[item]
    match item:
        case ast.Subscript(value=table, slice=name, ctx=ast.Load()) if table is node:
            getter = ast.Call(ast.Name("getattr", ast.Load()), [node.value, name], [])
            context.edits.replace(item, getter)
        case ast.Subscript(value=table, slice=name, ctx=ast.Store()) if (
            table is node and isinstance(place, ast.Assign) and place.targets == [item]
        ):
            arguments = [node.value, name, place.value]
            setter = ast.Call(ast.Name("setattr", ast.Load()), arguments, [])
            context.edits.replace_statement(place, [ast.Expr(setter)])
        case _ if node.attr == "_modules" and _is_read(node, item):
            _look_up(context, node)
        case _:
            reason = f"NNX modules have no {node.attr}; their attributes are in vars(module)"
            context.leave(node, "TJ201", f"torch.nn.Module.{node.attr}", reason)
            return
    context.done.add(node)


def _look_up(context: FileContext, node: ast.Attribute) -> None:
    submodules = context.helper("module_tree", "submodules")
    context.edits.replace(node, ast.Call(submodules, [node.value], []))
    context.done.add(node)


def _is_read(table: ast.Attribute, parent: ast.AST) -> bool:
    """Whether a table is only looked at: gone through, asked for its length or for a name."""
    match parent:
        case ast.Attribute(attr=attr):
            return attr in _READS
        case ast.Call(func=ast.Name(id=called)):
            return called in _READERS
        case ast.For() | ast.comprehension() | ast.Compare():
            return isinstance(table.ctx, ast.Load)
    return False


# attributes that code of the user's own looks up


def _attribute_methods(context: FileContext, facts: ClassFacts) -> None:
    """``super().__getattr__(name)`` finds layers and parameters, which NNX has as attributes."""
    for name in ("__getattribute__", "__setattr__", "__delattr__"):
        if (method := facts.methods.get(name)) is not None:
            reason = "PyTorch registers layers and parameters here, which NNX does by itself"
            _leave_method(context, method, reason)
    method = facts.methods.get("__getattr__")
    if method is None:
        return
    lookups = [node for node in walk(method) if _is_base_lookup(node)]
    for node in lookups:
        assert isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        found = ast.Attribute(node.func.value, "__getattribute__", ast.Load())
        context.edits.replace(node, ast.Call(found, node.args, []))
        context.done.update({node, node.func})
    if not lookups:
        reason = "NNX calls it for missing names only: layers and parameters are plain attributes"
        _leave_method(context, method, reason)


def _is_base_lookup(node: ast.AST) -> bool:
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__getattr__"),
            args=[_],
            keywords=[],
        ):
            return True
    return False


def _leave_method(context: FileContext, method: Function, reason: str) -> None:
    place = method.args.args[-1] if method.args.args else method.body[0]
    context.leave(place, "TJ203", f"torch.nn.Module.{method.name}", reason)
