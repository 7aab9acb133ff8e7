"""Which module an optimizer updates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TypeGuard

from tojax.source.facts import Function, parameters
from tojax.source.kinds import Kind
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.passes.bindings import reaching
from tojax.translate.passes.dataflow import Scope, reads, text_of, writes
from tojax.translate.passes.given_parameters import (
    are_apart,
    followed,
    is_groups,
    models_of_groups,
    parameter_owners,
)
from tojax.translate.reaching import passed
from tojax.translate.same_modules import kept_as, module_in

_FUNCTION = re.compile(
    r"(?i)loss|crit(?!ic)|fn|func|metric|transform|augment|closure|callback|print|log"
)

_MODULE = re.compile(r"^(self\.)?(\w+_)?(model|net(work)?)$")


class Links:
    """Pairs optimizers with modules: by construction, by the calls that pass them, by name."""

    def __init__(self, contexts: list[FileContext]) -> None:
        self._contexts = contexts
        self._callers: dict[ast.AST, list[tuple[FileContext, ast.Call]]] = {}
        for context in contexts:
            for call in (call for calls in context.edits.calls.values() for call in calls):
                for target in context.inference.callees.get(call, []):
                    if isinstance(target, ast.FunctionDef | ast.AsyncFunctionDef):
                        self._callers.setdefault(target, []).append((context, call))

    def models_of(
        self, context: FileContext, scope: Scope, optimizer: str, place: ast.AST
    ) -> tuple[str, ...]:
        """Texts of the modules (``model``, ``self.net``) that ``optimizer`` updates at a place.

        One is empty where that cannot be told.
        """
        outer: Scope | None = scope
        while outer is not None:
            found = self._constructed(context, outer, optimizer, place)
            if found:
                return found
            outer = context.enclosing_function(outer)
        given = self._by_callers(scope, optimizer)
        given = given or self._of_file(context, scope, optimizer, place)
        return given or (self._by_name(context, scope, optimizer),)

    def _constructed(
        self, context: FileContext, scope: Scope, optimizer: str, place: ast.AST
    ) -> tuple[str, ...]:
        if not optimizer.startswith("self."):
            return _made_in(context, scope, scope, optimizer, place)
        for home, wider in self._classes(context, scope):
            found = _made_in(home, scope, wider, optimizer, place)
            if found:
                return found
        return ()

    def _classes(
        self, context: FileContext, scope: Scope
    ) -> Iterator[tuple[FileContext, ast.ClassDef]]:
        """The class that a method is in, and its bases, with the files that they are in."""
        node = context.enclosing_class(scope)
        facts = context.facts.class_of.get(node) if node is not None else None
        for base in context.program.base_classes(facts) if facts is not None else ():
            yield next(c for c in self._contexts if base.module is c.facts), base.node

    def _by_callers(self, scope: Scope, optimizer: str) -> tuple[str, ...]:
        """The parameters for which a caller passes the modules that its optimizer updates."""
        if isinstance(scope, ast.Module):
            return ()
        for context, call in self._callers.get(scope, []):
            arguments = passed(scope, call)
            given = arguments.pop(optimizer, "")
            outer = context.enclosing_function(call) or context.edits.tree
            wanted = self._constructed(context, outer, given, call) if given else ()
            names = {text: name for name, text in reversed(arguments.items())}
            if wanted and all(text in names for text in wanted):
                return tuple(names[text] for text in wanted)
        return ()

    def _of_file(
        self, context: FileContext, scope: Scope, optimizer: str, place: ast.AST
    ) -> tuple[str, ...]:
        """The modules of an optimizer made at the top level of the file, if the scope uses them."""
        names = [part for part in walk(scope) if isinstance(part, ast.Name)]
        bound = {name.id for name in names if isinstance(name.ctx, ast.Store)}
        if not isinstance(scope, ast.Module):
            bound |= {argument.arg for argument in parameters(scope.args)}
        used = {name.id for name in names} - bound
        if optimizer not in used:
            return ()
        made = _made_in(context, scope, context.edits.tree, optimizer, place)
        return made if used.issuperset(text.partition(".")[0] for text in made) else ()

    def modules(self, context: FileContext, scope: Scope) -> list[str]:
        """Modules that a scope handles: its parameters and locals of that kind, by text."""
        found: dict[str, None] = {}
        for node in walk(scope):
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                kind = context.kind(node)
                text = text_of(node)
                if kind.tag == "module" and text and text != "self" and not is_loss(kind):
                    if not any(text.startswith(f"{other}.") for other in found):
                        found[text] = None
        if not found:
            for node in walk(scope):
                if isinstance(node, ast.Name | ast.Attribute) and is_named_like_a_module(
                    text_of(node)
                ):
                    found[text_of(node)] = None
        return list(dict.fromkeys([*found, *_callable_parameters(context, scope)]))

    def only_module(self, context: FileContext, scope: Scope) -> str:
        """The module of a scope that handles exactly one."""
        modules = self.modules(context, scope)
        return modules[0] if len(modules) == 1 else ""

    def _by_name(self, context: FileContext, scope: Scope, optimizer: str) -> str:
        owner = optimizer.rpartition(".")[0]
        if owner not in ("", "self"):  # self.critic.optimizer
            return owner
        modules = self.modules(context, scope)
        if len(modules) == 1:
            return modules[0]
        wanted = re.sub(r"(?i)optim(izer)?|opt", "", optimizer.rpartition(".")[2]).strip("_")
        if not wanted:
            main = [m for m in modules if re.fullmatch(r"model|net|network", m.rpartition(".")[2])]
            return main[0] if len(main) == 1 else ""
        scores = {module: _overlap(module.rpartition(".")[2], wanted) for module in modules}
        best = max(scores.values(), default=0)
        winners = [module for module, score in scores.items() if score == best and best > 0]
        return winners[0] if len(winners) == 1 else ""

    def clipped(self, context: FileContext, scope: Scope, node: ast.Call) -> tuple[str, ...]:
        """The modules whose parameters a clipping call takes; one is empty if they are unknown."""
        params = node.args[0] if node.args else None
        owners = parameter_owners(context, followed(scope, params)) if params else []
        is_known = len(owners) == 1 or are_apart(owners)
        return tuple(text_of(owner) for owner in owners) if is_known else ("",)

    def argument(self, node: ast.Call, function: Function, model: str) -> str:
        """The text of what a call passes for the parameter ``model`` of ``function``."""
        names = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
        for keyword in node.keywords:
            if keyword.arg == model:
                return text_of(keyword.value)
        if model in names and names.index(model) < len(node.args):
            return text_of(node.args[names.index(model)])
        return model if model.startswith("self.") else ""


def _callable_parameters(context: FileContext, scope: Scope) -> list[str]:
    """Parameters that are called and may be modules; by their names, no losses or functions."""
    if isinstance(scope, ast.Module):
        return []
    own = {a.arg for a in parameters(scope.args)}
    return [
        node.func.id
        for node in walk(scope)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in own
        and context.kind(node.func).tag == "unknown"
        and not _FUNCTION.search(node.func.id)
    ]


def _made_in(
    context: FileContext,
    scope: Scope,
    wider: Scope | ast.ClassDef,
    optimizer: str,
    place: ast.AST,
) -> tuple[str, ...]:
    """The texts, in ``scope``, of the modules for which ``wider`` makes an optimizer.

    It is the one that ``optimizer`` names at ``place``; one text is empty if that may be several.
    """
    bindings = [node for node in walk(wider) if _binds(node, optimizer)]
    function = context.enclosing_function(place)
    is_here = place in context.edits.parents
    own = [b for b in bindings if is_here and context.enclosing_function(b) is function]
    if own:
        bindings = reaching(context.edits, own, place)
    made = [_made_by(context, scope, wider, b) for b in bindings if isinstance(b, ast.Assign)]
    found = list(dict.fromkeys(filter(None, made)))
    if len(found) > 1:
        return ("",) if own or isinstance(wider, ast.ClassDef) else ()
    return found[0] if found else ()


def _binds(node: ast.AST, optimizer: str) -> TypeGuard[ast.stmt]:
    """Whether a statement gives a name another optimizer, not one that wraps what it was."""
    match node:
        case ast.Assign(value=value) if not isinstance(value, ast.Constant):
            return optimizer in writes(node) and optimizer not in reads(value)
    return False


def _made_by(
    context: FileContext, scope: Scope, wider: Scope | ast.ClassDef, node: ast.Assign
) -> tuple[str, ...]:
    """The texts of the modules for which an assignment makes an optimizer; none if unknown."""
    call = node.value
    if not isinstance(call, ast.Call):
        return ()
    maker = _module_asked(context, call)
    if maker:
        return (maker,)
    home = context.enclosing_function(node)
    if home is not None and wider is context.edits.tree and wider is not scope:
        return ()
    listed = [*call.args[:1], *(k.value for k in call.keywords if k.arg == "params")]
    params = listed[0] if listed else None
    given = followed(home or context.edits.tree, params) if params else None
    owners = _owners(context, call, given) if given is not None else []
    texts = [text_of(module_in(owner)) for owner in owners]
    if home is not None and wider is not scope and home is not scope:
        texts = [kept_as(home, text) for text in texts]
    return tuple(texts) if len(texts) == 1 or are_apart(owners) else ()


def _owners(context: FileContext, call: ast.Call, params: ast.expr) -> list[ast.expr]:
    is_list = isinstance(params, ast.List | ast.ListComp) and is_groups(params)
    if is_list:
        return models_of_groups(context, call, params)
    return parameter_owners(context, params)


def _module_asked(context: FileContext, call: ast.Call) -> str:
    """The module whose method makes an optimizer: ``model.configure_optimizers()``."""
    if isinstance(call.func, ast.Attribute) and context.kind(call).tag == "optimizer":
        owner = call.func.value
        return text_of(owner) if context.kind(owner).tag == "module" else ""
    return ""


def is_named_like_a_module(text: str) -> bool:
    """Whether a name such as ``self.target_net`` says that it is a module."""
    return _MODULE.search(text) is not None


def is_loss(kind: Kind) -> bool:
    """Whether a module is one of PyTorch's losses, which has nothing to train."""
    return kind.name.startswith("torch.nn.") and kind.name.endswith("Loss")


def _overlap(one: str, other: str) -> int:
    """Length of the longest common suffix or prefix, case ignored."""
    one, other = one.lower(), other.lower()
    suffix = prefix = 0
    while suffix < min(len(one), len(other)) and one[-1 - suffix] == other[-1 - suffix]:
        suffix += 1
    while prefix < min(len(one), len(other)) and one[prefix] == other[prefix]:
        prefix += 1
    return max(suffix, prefix)
