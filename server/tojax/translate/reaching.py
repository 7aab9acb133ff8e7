"""Functions that use a module without being given it: which, by which calls, under which name.

Inside ``nnx.value_and_grad`` the module is another object than the one outside. What reaches for
``model`` or ``self.model`` by itself finds the one outside, which gets no gradient.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from tojax.source.facts import ClassFacts, Function, parameters
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.passes.dataflow import Scope, text_of, writes
from tojax.translate.same_modules import kept_as, module_in

_QUIET = {"train", "eval", "zero_grad", "to"}

Reads = Callable[[Function, str], bool]


@dataclass(frozen=True)
class Route:
    """A call of a function that uses a module by itself, under the name ``text``."""

    call: ast.Call
    function: Function
    text: str


class Reaching:
    """Finds the calls through which a module is used.

    Args:
        contexts: the files of the program.
        reads: whether the body of a function itself reads what a text names.
    """

    def __init__(self, contexts: list[FileContext], reads: Reads | None = None) -> None:
        self._contexts = contexts
        self._reads = reads or _reads

    @cached_property
    def _home(self) -> dict[Function, FileContext]:
        return {f: context for context in self._contexts for f in _functions(context)}

    def routes(self, context: FileContext, scope: Scope, node: ast.AST, text: str) -> list[Route]:
        """The calls in a node of functions that use what ``text`` names in ``scope``."""
        return self._routes(context, scope, node, text, frozenset())

    def uses(
        self, context: FileContext, scope: Scope, models: tuple[str, ...], node: ast.AST
    ) -> bool:
        """Whether a node computes with one of the modules, not only switches its mode."""
        return _uses(context, node, models) or any(
            _gives_value(route.function)
            for model in models
            for route in self.routes(context, scope, node, model)
        )

    def home(self, function: Function) -> FileContext:
        """The file of a function."""
        return self._home[function]

    def family(self, function: Function) -> list[Function]:
        """A method with those that override it, or that it overrides; any other function alone."""
        home = self._home[function]
        owner = home.edits.parents[function]
        facts = home.facts.class_of.get(owner) if isinstance(owner, ast.ClassDef) else None
        if facts is None:
            return [function]
        program = home.program
        classes = [c for module in program.modules.values() for c in module.classes.values()]
        derived = [c for c in classes if facts in program.base_classes(c)]
        related = dict.fromkeys([facts, *derived, *program.base_classes(facts)])
        found = [c.methods[function.name] for c in related if function.name in c.methods]
        return list(dict.fromkeys([function, *found]))

    def _routes(
        self,
        context: FileContext,
        scope: Scope,
        node: ast.AST,
        text: str,
        seen: frozenset[tuple[Function, str]],
    ) -> list[Route]:
        found = []
        for call in walk(node):
            if isinstance(call, ast.Call):
                for target in self._targets(context, scope, call):
                    inner = self._inside(context, scope, call, target, text)
                    if inner and self.reaches(target, inner, seen):
                        found.append(Route(call, target, inner))
        return found

    def reaches(
        self,
        function: Function,
        text: str,
        seen: frozenset[tuple[Function, str]] = frozenset(),
    ) -> bool:
        """Whether a function uses by itself what ``text`` names in it; ``seen``: is asked for."""
        if (function, text) in seen or _binds(function, text):
            return False
        if self._reads(function, text):
            return True
        context, seen = self._home[function], seen | {(function, text)}
        return any(self._routes(context, function, s, text, seen) for s in function.body)

    def _targets(
        self, context: FileContext, scope: Scope, call: ast.Call
    ) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        if isinstance(call.func, ast.Name):
            for node in walk(scope):
                if isinstance(node, ast.FunctionDef) and node.name == call.func.id:
                    if node is not scope and context.enclosing_function(node) is scope:
                        yield node
        for target in context.inference.callees.get(call, []):
            if not isinstance(target, ClassFacts) and target in self._home:
                yield from self.family(target)

    def _inside(
        self, context: FileContext, scope: Scope, call: ast.Call, target: Function, text: str
    ) -> str:
        """What a called function calls the thing that is ``text`` where the call stands."""
        home = self._home[target]
        if home.enclosing_function(target) is not None:  # a nested one, of this scope
            return text
        if isinstance(home.edits.parents[target], ast.ClassDef):
            owner = receiver(call, target)
            if owner and f"{text}.".startswith(f"{owner}."):
                return "self" + text[len(owner) :]
            attribute = _held(context, scope, owner, text) if owner else ""
            if attribute:
                return f"self.{attribute}"
        is_global = isinstance(scope, ast.Module) or not _binds(scope, text)
        return text if "." not in text and home is context and is_global else ""


def _uses(context: FileContext, node: ast.AST, models: tuple[str, ...]) -> bool:
    """Whether a node computes with one of the modules, not only switches its mode."""
    for part in walk(node):
        if isinstance(part, ast.Name | ast.Attribute) and text_of(part) in models:
            parent = context.edits.parents.get(part)
            if not isinstance(parent, ast.Attribute) or _computes(context, parent):
                return True
    return False


def _computes(context: FileContext, node: ast.Attribute) -> bool:
    """Whether an attribute of a module takes part in its computation (``config`` does not)."""
    if node.attr in _QUIET:
        return False
    if node.attr in ("parameters", "named_parameters"):
        return not _is_for_training(context, node)
    parent = context.edits.parents.get(node)
    called = isinstance(parent, ast.Call) and parent.func is node
    return called or context.kind(node).tag in ("module", "modules", "parameter", "buffer")


def _is_for_training(context: FileContext, node: ast.AST) -> bool:
    """Whether an optimizer is made of parameters, or their gradients are clipped."""
    while not isinstance(node, ast.stmt):
        node = context.edits.parents[node]
        name = context.name(node.func) if isinstance(node, ast.Call) else ""
        if name.startswith(("torch.optim.", "torch.nn.utils.clip_grad")):
            return True
    return False


def _gives_value(function: Function) -> bool:
    returns = (part for part in walk(function) if isinstance(part, ast.Return))
    return any(part.value is not None for part in returns)


def _functions(context: FileContext) -> Iterator[Function]:
    yield from context.edits.nodes(ast.FunctionDef, ast.AsyncFunctionDef)


def _reads(function: Function, text: str) -> bool:
    return any(
        isinstance(part, ast.Name | ast.Attribute)
        and isinstance(part.ctx, ast.Load)
        and text_of(part) == text
        for statement in function.body
        for part in walk(statement)
    )


def _binds(function: Function, text: str) -> bool:
    """Whether a name is a function's own; ``self`` is what its methods are called on."""
    if text.startswith("self."):
        return False
    root = text.partition(".")[0]
    return root in {a.arg for a in parameters(function.args)} or _binds_anew(function, root)


def _binds_anew(function: Function, name: str) -> bool:
    return any(name in writes(statement) for statement in function.body)


def receiver(call: ast.Call, target: Function) -> str:
    """What a method is called on, ``self`` through ``super()``; empty if it has no name."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != target.name:
        return text_of(call.func) if target.name in ("forward", "__call__") else ""
    match call.func.value:
        case ast.Call(func=ast.Name(id="super")):
            return "self"
        case value:
            return text_of(value)


def _held(context: FileContext, scope: Scope, holder: str, text: str) -> str:
    """The attribute in which an object keeps what its constructor was given: ``text``."""
    wider = context.enclosing_class(scope) if holder.startswith("self.") else None
    made = [
        node
        for node in walk(wider or scope)
        if isinstance(node, ast.Assign) and any(text_of(t) == holder for t in node.targets)
    ]
    if len(made) != 1 or not isinstance(made[0].value, ast.Call):
        return ""
    call, home = made[0].value, context.enclosing_function(made[0])
    for facts in context.inference.callees.get(call, []):
        if not isinstance(facts, ClassFacts):
            continue
        found = context.program.method(facts, "__init__")
        if found is None:
            continue
        for name, given in passed(found[1], call).items():
            if home is not None and wider is not None and home is not scope:
                given = kept_as(home, given)
            if given == text and not _binds_anew(found[1], name):
                return kept_as(found[1], name).removeprefix("self.")
    return ""


def passed(function: Function, call: ast.Call) -> dict[str, str]:
    """Parameter → text of what a call passes for it."""
    names = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
    if names[:1] == ["self"]:
        names = names[1:]
    given = dict(zip(names, call.args, strict=False))
    given |= {k.arg: k.value for k in call.keywords if k.arg}
    return {name: text_of(module_in(value)) for name, value in given.items()}
