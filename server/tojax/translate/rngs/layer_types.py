"""Layer classes that travel as values: ``norm_layer=nn.BatchNorm2d``, ``partial(nn.Linear, …)``.

Which class such a value is, is only known when the program runs; so every call of one hands over
keys, as NNX's own layers want them, and every class that is handed on accepts them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tojax.source.facts import ClassFacts, Function, parameters
from tojax.source.kinds import Kind, is_array
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.rngs.layer_flow import LayerFlow
from tojax.translate.rngs.layer_values import is_layer_type


class LayerTypes:
    """The calls that construct layers of a class known only when the program runs (``calls``), and
    the user's layer classes and makers of layers that such calls may meet (``handed_on``)."""

    def __init__(self, contexts: list[FileContext]) -> None:
        self._contexts = contexts
        self.calls: list[tuple[FileContext, ast.Call]] = []
        self.handed_on: list[ClassFacts | Function] = []
        makers = {
            function
            for context in contexts
            for function in context.facts.functions.values()
            if _returns_layers(context, function)
        }
        if makers or any(True for context in contexts for _ in _values(context)):
            self._flow = LayerFlow(contexts, makers)
            self.calls = list(self._open_calls())
        if self.calls:
            self.handed_on = list(self._handed_on())

    def _open_calls(self) -> Iterator[tuple[FileContext, ast.Call]]:
        for context in self._contexts:
            for call in (call for calls in context.edits.calls.values() for call in calls):
                if self._is_open(context, call):
                    yield context, call

    def _handed_on(self) -> Iterator[ClassFacts | Function]:
        yield from self._flow.registered
        for context in self._contexts:
            for _, kind in _values(context):
                for option in kind.items or (kind,):
                    facts = context.program.class_of(option)
                    if facts is not None and context.program.is_layer(facts):
                        yield facts
            for node in context.edits.nodes(ast.Name):
                if isinstance(context.edits.parents[node], ast.Dict | ast.List | ast.Tuple):
                    maker = self._flow.maker(context, node)
                    if maker is not None:
                        yield maker

    def bases(self, context: FileContext) -> Iterator[tuple[str, str]]:
        """The library's layers whose constructors the handed-on classes of a file inherit."""
        for facts in self.handed_on:
            if not isinstance(facts, ClassFacts) or facts.module is not context.facts:
                continue
            if not context.program.method(facts, "__init__"):
                for base in context.program.torch_bases(facts):
                    rule = context.index.base(base)
                    if rule is not None and base in context.index.layers:
                        yield rule.module.name, rule.node.name

    def _is_open(self, context: FileContext, call: ast.Call) -> bool:
        """Whether the callee is a variable, and nothing tells which class it is."""
        callee = call.func
        if not isinstance(callee, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
            return False
        if context.name(callee) or context.kind(callee).tag in ("user", "method", "module"):
            return False
        kind = context.kind(callee)
        if kind.tag == "class" and kind.name:
            return False
        function = context.enclosing_function(call)
        if function is not None and function.name == "forward":
            return False
        if any(is_array(context.kind(argument)) for argument in call.args):
            return False
        if _hands_on_everything(context, call) or _is_enumeration(context, call):
            return False
        if any(key in self._flow.instances for key in self._flow.keys(context, callee)):
            return False
        return self._flow.may(context, callee, alone=True)


def _hands_on_everything(context: FileContext, call: ast.Call) -> bool:
    """Whether a decorator's inner function gives all that it is given, keys too, to the outer's.

    ``def wrapper(*args, **kwargs): return function(*args, **kwargs)``
    """
    inner = context.enclosing_function(call)
    outer = context.enclosing_function(inner) if inner is not None else None
    if inner is None or outer is None or inner.args.vararg is None or inner.args.kwarg is None:
        return False
    match call:
        case ast.Call(
            func=ast.Name(id=called),
            args=[*_, ast.Starred(value=ast.Name(id=args))],
            keywords=[*_, ast.keyword(arg=None, value=ast.Name(id=kwargs))],
        ):
            is_given = any(parameter.arg == called for parameter in parameters(outer.args))
            return is_given and (args, kwargs) == (inner.args.vararg.arg, inner.args.kwarg.arg)
    return False


def _is_enumeration(context: FileContext, call: ast.Call) -> bool:
    """Whether the call is one of what a test around it says is an enumeration."""
    current: ast.AST = call
    while isinstance(call.func, ast.Name) and current in context.edits.parents:
        inner, current = current, context.edits.parents[current]
        if isinstance(current, ast.If) and inner in current.body:
            test = ast.unparse(current.test)
            if re.search(rf"isinstance\({call.func.id}, (enum\.)?Enum(Meta|Type)\)", test):
                return True
    return False


def _values(context: FileContext) -> Iterator[tuple[ast.expr, Kind]]:
    for node in context.edits.spans:
        if isinstance(node, ast.expr) and is_layer_type(context, context.kind(node)):
            if _is_value(context, node):
                yield node, context.kind(node)


def _is_value(context: FileContext, node: ast.expr) -> bool:
    """Whether a class is handed on here: not called, derived from, tested for or annotated."""
    parent = context.edits.parents[node]
    match parent:
        case ast.Call(func=func) if func is node:
            return False
        case ast.Call(func=ast.Name(id="isinstance" | "issubclass" | "super")):
            return False
        case ast.Attribute() | ast.ClassDef() | ast.arg() | ast.ImportFrom():
            return False
        case ast.AnnAssign(annotation=annotation) if annotation is node:
            return False
        case ast.FunctionDef(returns=returns) if returns is node:
            return False
        case ast.Subscript(slice=index) if index is node:
            return False
    if isinstance(parent, ast.Tuple):
        return _is_value(context, parent)
    return isinstance(getattr(node, "ctx", ast.Load()), ast.Load)


def _returns_layers(context: FileContext, function: Function) -> bool:
    """Whether a function says that it returns a layer, or constructs what it returns."""
    declared = context.program.annotated_kind(function.returns, context.facts)
    return declared.tag == "module" or any(
        isinstance(part, ast.Return)
        and part.value is not None
        and context.kind(part.value).tag == "module"
        for part in walk(function)
    )
