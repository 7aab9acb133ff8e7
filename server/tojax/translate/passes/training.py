"""Training steps: ``zero_grad``, ``backward``, clipping and ``step`` → ``nnx.value_and_grad``.

PyTorch keeps gradients in the parameters; JAX returns them. Each ``backward()`` becomes a local
``loss_fn`` of the statements that lead from the module to the loss, its gradients a variable
``grads`` that clipping rewrites and ``optimizer.update`` consumes. A function that calls
``backward`` and leaves the step to its caller returns its gradients too.
"""

from __future__ import annotations

import ast
from collections.abc import Container
from functools import partial

from tojax.source.facts import Function
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.given_modules import GivenModules
from tojax.translate.insertions import insert_after, insert_before, insert_first
from tojax.translate.passes import gradient_uses
from tojax.translate.passes.accumulation import is_fresh
from tojax.translate.passes.array_gradients import read_gradients
from tojax.translate.passes.dataflow import Scope
from tojax.translate.passes.event import Event
from tojax.translate.passes.gradient_events import closure_of, events_in
from tojax.translate.passes.gradient_loops import are_used, is_gathered, mark_lost_changes
from tojax.translate.passes.links import Links
from tojax.translate.passes.losses import loss_of
from tojax.translate.passes.region import Backward, Region
from tojax.translate.passes.region_output import emit_region, parameter
from tojax.translate.passes.regions import find_region, share_modules
from tojax.translate.passes.resets import lost_resets
from tojax.translate.reaching import Reaching
from tojax.translate.rule_calls import RuleCalls


class Training:
    """Rewrites the training code of a program, callees before their callers."""

    def __init__(self, contexts: list[FileContext], rules: dict[FileContext, RuleCalls]) -> None:
        self._contexts = contexts
        self._rules = rules
        self._links = Links(contexts)
        self._reaching = Reaching(contexts)
        self._given = GivenModules(self._reaching)
        self._leaks: dict[Function, str] = {}
        self._resets: dict[Function, list[Event]] = {}
        self._finished: set[ast.AST] = set()

    def run(self) -> None:
        """Rewrite every function, and the top level of every file."""
        for context in self._contexts:
            for node in context.edits.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
                self._scope(context, node)
            self._scope(context, context.edits.tree)
        for context in self._contexts:
            mark_lost_changes(context)

    def _scope(self, context: FileContext, scope: Scope) -> None:
        if scope in self._finished:
            return
        self._finished.add(scope)
        for node in context.edits.calls.get(scope, []):
            for target in context.inference.callees.get(node, []):
                if isinstance(target, ast.FunctionDef | ast.AsyncFunctionDef):
                    self._scope(self._context_of(target), target)
            closure = closure_of(context, scope, node)
            if closure is not None:
                self._scope(context, closure)
        events = events_in(context, scope, self._links, self._leaks, self._resets)
        resets = [event for event in events if event.kind == "zero"]
        if resets and not isinstance(scope, ast.Module) and not any(e.gathers for e in events):
            self._resets[scope] = resets
        for event in [event for event in events if event.kind == "closure"]:
            gradient_uses.step_with(context, event)
            events.remove(event)
        if any(event.gathers or event.applies for event in events):
            self._rewrite(context, scope, events)
        else:
            for event in events:
                if event.kind == "clip":
                    gradient_uses.clip(context, self._rules[context], event, [""])
                gradient_uses.drop_reset(context, event)

    def _context_of(self, function: Function) -> FileContext:
        return next(c for c in self._contexts if function in c.edits.spans)

    def _rewrite(self, context: FileContext, scope: Scope, events: list[Event]) -> None:
        """Rewrite the events of a scope, or leave what cannot be told apart."""
        for event in events:
            if not event.model and (event.kind == "backward" or event.kind == "step"):
                reason = f"cannot tell which module {event.kind}() belongs to"
                for node in (event.node, *event.earlier):
                    context.leave(node, "TJ204", _api(event.kind), reason)
        regions, left = self._regions(context, scope, events)
        for event in events:
            if event.node in regions and regions[event.node].early:
                if not is_fresh(context, event, events):
                    context.leave(event.node, "TJ204", "torch.Tensor.backward",
                                  "a second backward() through the same values")  # fmt: skip
                    left.update(event.models)
        lost, adding = lost_resets(context, events)
        left |= adding
        for event in lost:
            reason = "cannot tell which of the gradients that add up are reset"
            context.leave(event.node, "TJ204", "torch.optim.Optimizer.zero_grad", reason)
        if left:
            events = _without(context, events, left)
        models = list(dict.fromkeys(m for event in events if event.gathers for m in event.models))
        names = _gradient_names(models, {name for event in events for name in event.arrays})
        accumulated: dict[str, None] = {}
        for event in events:
            if event.gathers:
                fresh = is_fresh(context, event, events)
                if not fresh:
                    accumulated |= dict.fromkeys(event.models)
                if event.kind == "backward":
                    grads = [names[model] for model in event.models]
                    region = regions[event.call]
                    emit_region(context, region, grads, fresh=fresh)
                    self._give_modules(context, scope, region)
                    context.done |= {event.node, *event.earlier}
                    for node in event.earlier:
                        context.edits.replace_statement(context.edits.statement_of(node), [])
                else:
                    gradient_uses.take(context, event, names[event.model], fresh=fresh)
        for event in events:
            for array, places in event.arrays.items():
                read_gradients(context, places, names[array])
        self._rewrite_uses(context, events, names, accumulated)
        for model in accumulated:
            _start_without_gradients(context, scope, events, model, names[model])
        if not isinstance(scope, ast.Module):
            self._leak(context, scope, events, names, accumulated)

    def _regions(
        self, context: FileContext, scope: Scope, events: list[Event]
    ) -> tuple[dict[ast.Call, Region], set[str]]:
        """The region of each ``backward``, and the modules that are left, for want of one."""
        regions: dict[ast.Call, Region] = {}
        left: set[str] = {""} if any(e.applies and not e.model for e in events) else set()
        gradient_events = {e.statement for e in events}
        updates = {
            e.statement for e in events if e.applies or e.kind in ("backward", "clip", "change")
        }
        for event in events:
            if event.kind == "backward" and event.model:
                loss = loss_of(context, [*event.earlier, event.call])
                arrays = tuple(event.arrays)
                backward = Backward(
                    event.call, event.statement, loss, event.models, event.earlier, arrays
                )
                uses = partial(self._reaching.uses, context, scope, event.models)
                region = find_region(context, scope, backward, gradient_events, updates, uses)
                reason = "the statements that lead to the loss cannot be separated"
                if region is not None and share_modules(region, regions.values()):
                    reason = self._obstacle(context, scope, region)
                    if not reason:
                        regions[event.call] = region
                        continue
                left.update(event.models)
                for node in (event.node, *event.earlier):
                    context.leave(node, "TJ204", "torch.Tensor.backward", reason)
            elif event.kind == "backward":
                left.add("")
        return regions, left

    def _obstacle(self, context: FileContext, scope: Scope, region: Region) -> str:
        """Why a function that the loss calls would not see the module that is differentiated."""
        reasons = (
            self._given.obstacle(context, scope, node, model)
            for model in region.backward.models
            for node in (*region.inside, *region.early, region.backward.loss)
        )
        return next(filter(None, reasons), "")

    def _give_modules(self, context: FileContext, scope: Scope, region: Region) -> None:
        for model in region.backward.models:
            for node in (*region.inside, *region.early, region.backward.loss):
                self._given.give(context, scope, node, model, parameter(model))

    def _rewrite_uses(
        self,
        context: FileContext,
        events: list[Event],
        names: dict[str, str],
        accumulated: Container[str],
    ) -> None:
        for place, event in enumerate(events):
            grads = names.get(event.model, "")
            if event.kind == "clip":
                clipped = [names.get(m, "") for m in event.models]
                gradient_uses.clip(context, self._rules[context], event, clipped)
            elif event.kind == "step":
                gradient_uses.step(context, event, [names.get(m, "") for m in event.models])
            elif event.kind == "loop" and grads:
                used_later = are_used(events[place + 1 :], event.model, accumulated)
                gradient_uses.loop(context, event, grads, used_later=used_later)
            elif event.kind == "change" and grads and is_gathered(events[:place], event.model):
                gradient_uses.change(context, event, grads)
            elif event.kind == "zero" and (grads or not isinstance(event.statement, ast.For)):
                kept = [names[m] for m in event.models if m in accumulated and m in names]
                gradient_uses.reset(context, event, kept)

    def _leak(
        self,
        context: FileContext,
        scope: Function,
        events: list[Event],
        names: dict[str, str],
        started: Container[str],
    ) -> None:
        """Return gradients that a function gathers and does not apply."""
        arrays = {name for event in events for name in event.arrays}
        gathered = {m for event in events if event.gathers for m in event.models} - arrays
        leaking = gathered - {m for event in events if event.applies for m in event.models}
        if len(leaking) > 1:
            context.leave(events[0].node, "TJ204", "torch.Tensor.backward",
                          "gathers gradients of several modules for its caller")  # fmt: skip
        if len(leaking) != 1:
            return
        (model,) = leaking
        self._leaks[scope] = model
        grads = ast.Name(names[model], ast.Load())
        returns = [n for n in walk(scope) if isinstance(n, ast.Return)]
        handed_on = {event.node for event in events if event.kind == "call"}
        own = [r for r in returns if context.enclosing_function(r) is scope]
        if any(r.value in handed_on for r in own):  # the callee's pair is returned as it is
            own = [r for r in own if r.value not in handed_on]
        for statement in own:
            value = statement.value
            made = grads if value is None else ast.Tuple([value, grads], ast.Load())
            context.edits.replace_statement(statement, [ast.Return(made)])
        if not any(context.enclosing_function(r) is scope for r in returns):
            insert_after(context, scope.body[-1], [ast.Return(grads)])
        if not own or model in started:
            return
        first = next(event for event in events if event.gathers)
        if (
            any(r.lineno < first.node.lineno for r in own)
            or context.edits.parents[first.statement] is not scope
        ):
            start = ast.Assign([ast.Name(names[model], ast.Store())], ast.Constant(None))
            insert_first(context, scope, [start])


def _without(context: FileContext, events: list[Event], left: set[str]) -> list[Event]:
    """The events of modules whose gradients are all known; the others are left."""
    known = {model for event in events if event.gathers for model in event.models} - left
    for event in events:
        if not known.issuperset(event.models):
            for node in (event.node, *event.earlier):
                called = context.name(node.func) if isinstance(node, ast.Call) else ""
                name = called or _api(event.kind)
                context.leave(node, "TJ204", name, "belongs to a backward() that is left")
    return [event for event in events if known.issuperset(event.models)]


def _start_without_gradients(
    context: FileContext, scope: Scope, events: list[Event], model: str, grads: str
) -> None:
    """``grads = None`` at the start of a function, or above the loop of a script.

    A function that resets them first needs none.
    """
    first = next((e for e in events if e.kind == "zero" and model in e.models), None)
    if first is not None and context.edits.parents[first.statement] is scope:
        return
    made = ast.Assign([ast.Name(grads, ast.Store())], ast.Constant(None))
    if isinstance(scope, ast.Module):
        outer = next(e.statement for e in events if e.gathers and model in e.models)
        while (parent := context.edits.parents[outer]) is not scope:
            outer = context.edits.statement_of(parent)
        insert_before(context, outer, [made])
    else:
        insert_first(context, scope, [made])


def _gradient_names(models: list[str], arrays: set[str]) -> dict[str, str]:
    """The variables for the gradients of modules and arrays."""
    modules = [model for model in models if model not in arrays]
    names = {m: "grads" if len(modules) == 1 else f"grads_{_plain(m)}" for m in modules}
    return names | {name: f"{name}_grad" for name in models if name in arrays}


def _api(kind: str) -> str:
    return "torch.optim.Optimizer.step" if kind == "step" else "torch.Tensor.backward"


def _plain(model: str) -> str:
    return model.rpartition(".")[2]
