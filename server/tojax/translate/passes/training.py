"""Training steps: ``zero_grad``, ``backward``, clipping and ``step`` → ``nnx.value_and_grad``.

PyTorch keeps gradients in the parameters; JAX returns them. Each ``backward()`` becomes a local
``loss_fn`` of the statements that lead from the module to the loss, its gradients a variable
``grads`` that clipping rewrites and ``optimizer.update`` consumes. A function that calls
``backward`` and leaves the step to its caller returns its gradients too.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from tojax.source.facts import Function
from tojax.translate.calls import Calls
from tojax.translate.context import FileContext
from tojax.translate.insertions import insert_after, insert_first
from tojax.translate.passes.dataflow import text_of
from tojax.translate.passes.links import Links
from tojax.translate.passes.regions import Backward, Region, find_region
from tojax.translate.passes.regions import emit as emit_region
from tojax.translate.specialise import Argument

_CLIP = {"torch.nn.utils.clip_grad_norm_", "torch.nn.utils.clip_grad_norm",
         "torch.nn.utils.clip_grad_value_"}  # fmt: skip


@dataclass
class _Event:
    """One thing that happens to gradients: ``backward``, ``call``, ``zero``, ``step``, ``clip``."""

    kind: str
    node: ast.Call
    statement: ast.stmt
    model: str
    optimizer: str = ""


class Training:
    """Rewrites the training code of a program, callees before their callers."""

    def __init__(self, contexts: list[FileContext], calls: dict[FileContext, Calls]) -> None:
        self._contexts = contexts
        self._calls = calls
        self._links = Links(contexts)
        self._leaks: dict[Function, tuple[FileContext, str]] = {}
        self._finished: set[ast.AST] = set()

    def run(self) -> None:
        """Rewrite every function, and the top level of every file."""
        for context in self._contexts:
            for node in list(context.edits.parents):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    self._scope(context, node)
            self._scope(context, context.edits.tree)

    # events

    def _scope(self, context: FileContext, scope: Function | ast.Module) -> None:
        if scope in self._finished:
            return
        self._finished.add(scope)
        own = context.edits.calls.get(scope, [])
        for node in own:
            for target in context.inference.callees.get(node, []):
                if isinstance(target, ast.FunctionDef | ast.AsyncFunctionDef):
                    self._scope(self._context_of(target), target)
        events = [event for node in own for event in self._event(context, scope, node)]
        events.sort(key=lambda event: context.edits.spans[event.node])
        if any(event.kind in ("backward", "call", "step") for event in events):
            self._rewrite(context, scope, events)
        else:
            for event in events:
                self._drop(context, event)

    def _context_of(self, function: Function) -> FileContext:
        return next(c for c in self._contexts if function in c.edits.spans)

    def _event(
        self, context: FileContext, scope: Function | ast.Module, node: ast.Call
    ) -> list[_Event]:
        name = context.name(node.func)
        statement = context.edits.statement_of(node)
        for target in context.inference.callees.get(node, []):
            if isinstance(target, ast.FunctionDef | ast.AsyncFunctionDef) and target in self._leaks:
                model = self._links.argument(node, target, self._leaks[target][1])
                return [_Event("call", node, statement, model)]
        if name in _CLIP:
            return [_Event("clip", node, statement, self._links.clipped(context, scope, node))]
        if not isinstance(node.func, ast.Attribute):
            return []
        attr, owner = node.func.attr, text_of(node.func.value)
        if attr == "backward" and name.startswith("torch.Tensor."):
            return [_Event("backward", node, statement, "")]
        if attr == "backward" and not name and context.kind(node.func.value).tag == "unknown":
            return [_Event("backward", node, statement, "")]
        if name == "torch.optim.Optimizer.step":
            model = self._links.model_of(context, scope, owner)
            return [_Event("step", node, statement, model, owner)]
        if name == "torch.optim.Optimizer.zero_grad":
            return [_Event("zero", node, statement, self._links.model_of(context, scope, owner))]
        if attr == "zero_grad" and not context.inference.callees.get(node):
            return [_Event("zero", node, statement, owner)]
        return []

    # rewriting

    def _rewrite(
        self, context: FileContext, scope: Function | ast.Module, events: list[_Event]
    ) -> None:
        self._attribute_backwards(context, scope, events)
        unknown = [e for e in events if e.kind in ("backward", "step") and not e.model]
        if unknown:
            for event in unknown:
                context.leave(event.node, "TJ204", _api(event.kind),
                              f"cannot tell which module {event.kind}() belongs to")  # fmt: skip
            return
        models = list(dict.fromkeys(e.model for e in events if e.kind in ("backward", "call")))
        names = {m: "grads" if len(models) == 1 else f"grads_{_plain(m)}" for m in models}
        regions: dict[ast.Call, Region] = {}
        for event in events:
            if event.kind == "backward":
                region = self._region(context, scope, event, events)
                if region is None:
                    reason = "the statements that lead to the loss cannot be separated"
                    context.leave(event.node, "TJ204", "torch.Tensor.backward", reason)
                    return
                regions[event.node] = region
        accumulated: set[str] = set()
        for event in events:
            if event.kind in ("backward", "call"):
                fresh = self._is_fresh(context, event, events)
                if not fresh:
                    accumulated.add(event.model)
                if event.kind == "backward":
                    emit_region(context, regions[event.node], names[event.model], fresh=fresh)
                    context.done.add(event.node)
                else:
                    self._call(context, event, names[event.model], fresh)
        for event in events:
            if event.kind == "clip":
                self._clip(context, event, names.get(event.model, "grads"))
            elif event.kind == "step":
                self._step(context, event, names.get(event.model, ""))
            elif event.kind == "zero":
                self._zero(context, event, names.get(event.model, ""), event.model in accumulated)
        for model in accumulated:
            if isinstance(scope, ast.Module):
                continue
            made = ast.Assign([ast.Name(names[model], ast.Store())], ast.Constant(None))
            first_zero = [e for e in events if e.kind == "zero" and e.model == model]
            if not first_zero or context.edits.parents[first_zero[0].statement] is not scope:
                insert_first(context, scope, [made])
        self._leak(context, scope, events, names)

    def _attribute_backwards(
        self, context: FileContext, scope: Function | ast.Module, events: list[_Event]
    ) -> None:
        """A ``backward`` belongs to the next module that is stepped, else to the only one."""
        for place, event in enumerate(events):
            if event.kind != "backward":
                continue
            following = [e.model for e in events[place:] if e.kind == "step" and e.model]
            zeroed = [e.model for e in events if e.kind == "zero" and e.model]
            stepped = [e.model for e in events if e.kind == "step" and e.model]
            candidates = following or stepped or zeroed
            event.model = candidates[0] if candidates else self._links.only_module(context, scope)

    def _region(
        self,
        context: FileContext,
        scope: Function | ast.Module,
        event: _Event,
        events: list[_Event],
    ) -> Region | None:
        assert isinstance(event.node.func, ast.Attribute)
        loss = event.node.func.value
        if isinstance(loss, ast.Call) and isinstance(loss.func, ast.Attribute):
            if loss.func.attr == "scale" and loss.args:
                loss = loss.args[0]
        gradient_events = {e.statement for e in events}
        updates = {e.statement for e in events if e.kind in ("step", "backward", "clip")}
        zeroes = {e.statement for e in events if e.kind == "zero"}
        backward = Backward(event.node, event.statement, loss, event.model)
        return find_region(context, scope, backward, gradient_events, updates, zeroes)

    # which gradients are there already

    def _is_fresh(self, context: FileContext, event: _Event, events: list[_Event]) -> bool:
        """Whether no gradients have been gathered yet when ``event`` happens."""
        return self._clean_before(context, event.statement, event.model, events)

    def _clean_before(
        self, context: FileContext, statement: ast.stmt, model: str, events: list[_Event]
    ) -> bool:
        parent = context.edits.parents[statement]
        block = _block_of(parent, statement)
        state = self._last(context, block[: block.index(statement)], model, events)
        if state is not None:
            return state
        if isinstance(parent, ast.For | ast.While | ast.AsyncFor):
            after = self._last(context, block, model, events)
            if after is False:
                return False
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            return True
        if isinstance(parent, ast.stmt):
            return self._clean_before(context, parent, model, events)
        grandparent = context.edits.statement_of(context.edits.parents[parent])
        return self._clean_before(context, grandparent, model, events)

    def _last(
        self, context: FileContext, statements: list[ast.stmt], model: str, events: list[_Event]
    ) -> bool | None:
        """True if gradients are zero after ``statements``, False if not, None if untouched."""
        for statement in reversed(statements):
            inside = [e for e in events if e.model == model and _contains(context, statement, e)]
            relevant = [e for e in inside if e.kind in ("zero", "backward", "call")]
            if not relevant:
                continue
            last = relevant[-1]
            direct = last.statement is statement
            return last.kind == "zero" and (direct or not _conditional(statement))
        return None

    # single events

    def _call(self, context: FileContext, event: _Event, grads: str, fresh: bool) -> None:
        """A call of a function that now returns its gradients as well."""
        target = grads if fresh else f"new_{grads}"
        store = ast.Name(target, ast.Store())
        made: ast.stmt
        match event.statement:
            case ast.Assign(targets=[name], value=value) if value is event.node:
                made = ast.Assign([ast.Tuple([name, store], ast.Store())], event.node)
            case ast.Expr(value=value) if value is event.node:
                made = ast.Assign([store], event.node)
            case ast.Return(value=value) if value is event.node:
                return
            case _:
                context.leave(event.node, "TJ204", "torch.Tensor.backward",
                              "a call that gathers gradients inside an expression")  # fmt: skip
                return
        statements: list[ast.stmt] = [made] if fresh else [made, accumulate(grads)]
        context.imports |= set() if fresh else {"import jax", "import jax.numpy as jnp"}
        context.edits.replace_statement(event.statement, statements)

    def _clip(self, context: FileContext, event: _Event, grads: str) -> None:
        name = context.name(event.node.func)
        calls = self._calls[context]
        rule = calls.choose(name)
        context.done.update(n for n in ast.walk(event.node) if isinstance(n, ast.Call))
        if rule is None or not event.model:
            context.leave(event.node, "TJ204", name, "cannot tell whose gradients are clipped")
            return
        keywords = {
            k.arg: Argument(k.value, calls.kind(k.value))
            for k in event.node.keywords
            if k.arg and k.arg not in ("parameters", "foreach")
        }
        positional = [Argument(a, calls.kind(a)) for a in event.node.args[1:]]
        helper = context.helper(rule.module.name, rule.node.name)
        context.rules[name] = None
        made = ast.Call(
            helper,
            [ast.Name(grads, ast.Load()), *(a.node for a in positional)],
            [ast.keyword(key, argument.node) for key, argument in keywords.items()],
        )
        has_norm = "clip_grad_norm" in name
        left: ast.expr = ast.Name(grads, ast.Store())
        if has_norm:
            norm: ast.expr = ast.Name("_", ast.Store())
            if isinstance(event.statement, ast.Assign) and event.statement.value is event.node:
                norm = event.statement.targets[0]
            left = ast.Tuple([left, norm], ast.Store())
        context.edits.replace_statement(event.statement, [ast.Assign([left], made)])

    def _step(self, context: FileContext, event: _Event, grads: str) -> None:
        context.done.add(event.node)
        if not grads or event.node.args or event.node.keywords:
            context.leave(event.node, "TJ204", "torch.optim.Optimizer.step",
                          "no gradients are computed where this step is taken")  # fmt: skip
            return
        assert isinstance(event.node.func, ast.Attribute)
        update = ast.Attribute(event.node.func.value, "update", ast.Load())
        model = ast.parse(event.model, mode="eval").body
        call = ast.Call(update, [model, ast.Name(grads, ast.Load())], [])
        context.edits.replace(event.node, call)

    def _zero(self, context: FileContext, event: _Event, grads: str, keeps: bool) -> None:
        context.done.add(event.node)
        if not keeps or not grads:
            self._drop(context, event)
        else:
            made = ast.Assign([ast.Name(grads, ast.Store())], ast.Constant(None))
            context.edits.replace_statement(event.statement, [made])

    def _drop(self, context: FileContext, event: _Event) -> None:
        if event.kind == "zero" and isinstance(event.statement, ast.Expr):
            context.done.add(event.node)
            context.edits.replace_statement(event.statement, [])

    # gradients that leave the function

    def _leak(
        self,
        context: FileContext,
        scope: Function | ast.Module,
        events: list[_Event],
        names: dict[str, str],
    ) -> None:
        gathered = {e.model for e in events if e.kind in ("backward", "call")}
        leaking = gathered - {e.model for e in events if e.kind == "step"}
        if not leaking or isinstance(scope, ast.Module):
            return
        if len(leaking) > 1:
            context.leave(events[0].node, "TJ204", "torch.Tensor.backward",
                          "gathers gradients of several modules for its caller")  # fmt: skip
            return
        (model,) = leaking
        self._leaks[scope] = (context, model)
        grads = ast.Name(names[model], ast.Load())
        returns = [n for n in ast.walk(scope) if isinstance(n, ast.Return)]
        own = [r for r in returns if context.enclosing_function(r) is scope]
        for statement in own:
            value = statement.value
            made = grads if value is None else ast.Tuple([value, grads], ast.Load())
            context.edits.replace_statement(statement, [ast.Return(made)])
        if not own:
            insert_after(context, scope.body[-1], [ast.Return(grads)])


def accumulate(grads: str) -> ast.stmt:
    """``grads = new_grads if grads is None else jax.tree.map(jnp.add, grads, new_grads)``."""
    text = f"new_{grads} if {grads} is None else jax.tree.map(jnp.add, {grads}, new_{grads})"
    return ast.Assign([ast.Name(grads, ast.Store())], ast.parse(text, mode="eval").body)


def _api(kind: str) -> str:
    return "torch.optim.Optimizer.step" if kind == "step" else "torch.Tensor.backward"


def _plain(model: str) -> str:
    return model.rpartition(".")[2]


def _block_of(parent: ast.AST, statement: ast.stmt) -> list[ast.stmt]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(parent, name, None)
        if isinstance(block, list) and statement in block:
            return block
    return [statement]


def _contains(context: FileContext, statement: ast.stmt, event: _Event) -> bool:
    current: ast.AST | None = event.node
    while current is not None and current is not statement:
        current = context.edits.parents.get(current)
    return current is statement


def _conditional(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If | ast.While | ast.Try)
