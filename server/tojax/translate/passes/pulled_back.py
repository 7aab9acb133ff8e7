"""``torch.autograd.grad(y, x)``: the computation of ``y`` is pulled back by `jax.vjp`.

The statement that binds ``y`` becomes ``y, y_vjp = jax.vjp(lambda x: …, x)``, the call
``y_vjp(cotangent)``. Values in between that depend on ``x`` are computed in a function of ``x``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field

from tojax.source.kinds import UNKNOWN, is_array
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.edits import Verbatim
from tojax.translate.passes.dataflow import reads, writes

_GRAD = "torch.autograd.grad"
_PARAMETERS = ("outputs", "inputs", "grad_outputs", "retain_graph", "create_graph")
_IGNORED = {"retain_graph", "create_graph", "only_inputs"}


@dataclass(eq=False)
class _Request:
    """One call: of which name by which names, and what it is multiplied by."""

    call: ast.Call
    statement: ast.stmt
    output: str
    inputs: list[str]
    cotangent: ast.expr | None
    is_constant: bool


@dataclass(eq=False)
class _Pull:
    """The statement that binds an output, what it is computed by, and the inputs asked for."""

    statement: ast.Assign
    slice: list[ast.Assign]
    inputs: list[str]
    requests: list[_Request] = field(default_factory=list)


def pulled_back(context: FileContext, identifiers: Callable[[], set[str]]) -> None:
    """Rewrite calls of ``torch.autograd.grad`` whose computation stands in the same block.

    ``identifiers`` tells the names that the file has.
    """
    pulls: dict[ast.stmt, _Pull] = {}
    calls = [node for node in context.edits.nodes(ast.Call) if context.name(node.func) == _GRAD]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        request = _request(context, call)
        if request is not None:
            _add(context, request, pulls)
    taken = identifiers() if pulls else set()
    for pull in pulls.values():
        _write(context, pull, taken)


def _request(context: FileContext, call: ast.Call) -> _Request | None:
    given: dict[str, ast.expr] = dict(zip(_PARAMETERS, call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    if len(given) != len(call.args) + len(call.keywords):
        return None
    output = _summed(context, _single(given.pop("outputs", None)))
    inputs = given.pop("inputs", None)
    names = inputs.elts if isinstance(inputs, ast.Tuple | ast.List) else [inputs]
    cotangent = _single(given.pop("grad_outputs", None))
    if isinstance(cotangent, ast.Constant):
        cotangent = None
    if given.keys() - _IGNORED or output is None:
        return None
    is_told = isinstance(inputs, ast.Tuple | ast.List) or _takes_first(context, call)
    if not all(
        isinstance(name, ast.Name)
        and (is_array(context.kind(name)) or (is_told and context.kind(name) == UNKNOWN))
        for name in names
    ):
        return None
    create = given.get("create_graph")
    return _Request(
        call,
        context.edits.statement_of(call),
        output.id,
        [name.id for name in names if isinstance(name, ast.Name)],
        cotangent,
        not (isinstance(create, ast.Constant) and create.value is True),
    )


def _takes_first(context: FileContext, call: ast.Call) -> bool:
    """Whether one gradient is taken from what the call returns: there is one input, no list."""
    match context.edits.parents[call]:
        case ast.Subscript(slice=ast.Constant(value=0)):
            return True
        case ast.Assign(targets=[ast.Tuple(elts=[_]) | ast.List(elts=[_])]):
            return True
    return False


def _single(node: ast.expr | None) -> ast.expr | None:
    """``[y]`` is the same as ``y``."""
    return node.elts[0] if isinstance(node, ast.Tuple | ast.List) and len(node.elts) == 1 else node


def _summed(context: FileContext, node: ast.expr | None) -> ast.Name | None:
    """The name of an output; the gradient of its sum is the same."""
    match node:
        case ast.Name():
            return node
        case ast.Call(func=ast.Attribute(value=ast.Name() as summed), args=[], keywords=[]) if (
            context.name(node.func) == "torch.Tensor.sum"
        ):
            return summed
        case ast.Call(args=[ast.Name() as summed], keywords=[]) if (
            context.name(node.func) == "torch.sum"
        ):
            return summed
    return None


def _add(context: FileContext, request: _Request, pulls: dict[ast.stmt, _Pull]) -> None:
    """Find what the output is computed by, if that is all plain assignments of the same block."""
    block = context.edits.block_of(request.statement)
    before = block[: block.index(request.statement)]
    while before and request.output not in writes(before[-1]):
        if set(writes(before.pop())) & {*request.inputs}:
            return
    made = before[-1] if before else None
    if made is None or (made in context.edits.statements and made not in pulls):
        return
    pull = pulls.get(made)
    inputs = list(dict.fromkeys([*(pull.inputs if pull is not None else []), *request.inputs]))
    slices = [_slice(before, [name]) for name in inputs]
    found = _slice(before, inputs)
    bound = [_bound(statement) for part in slices for statement in part or []]
    if found is None or None in slices or set(bound) & {*inputs}:
        return  # one of the inputs is perhaps computed by another
    pull = pulls.setdefault(made, _Pull(found[-1], found, inputs))
    pull.slice, pull.inputs = found, inputs
    pull.requests.append(request)


def _slice(before: list[ast.stmt], inputs: list[str]) -> list[ast.Assign] | None:
    """The assignments that lead from the inputs to what the last statement binds.

    None if there is something else: other statements, or changes in place.
    """
    start = max((n for n, s in enumerate(before) if set(writes(s)) & {*inputs}), default=-1) + 1
    depends, found = {*inputs}, []
    for statement in before[start:]:
        if reads(statement) & depends:
            if _changes(statement):
                return None
            depends |= writes(statement).keys()
            found.append(statement)
    needed: set[str] = set()
    kept: list[ast.Assign] = []
    for statement in reversed(found):
        if statement is before[-1] or writes(statement).keys() & needed:
            match statement:
                case ast.Assign(targets=[ast.Name()]):
                    kept.insert(0, statement)
                    needed |= reads(statement.value)
                case _:
                    return None
    return kept if kept and kept[-1] is before[-1] and needed & {*inputs} else None


def _changes(statement: ast.stmt) -> bool:
    """Whether a statement may do more than bind names."""
    if not isinstance(statement, ast.Assign | ast.Expr):
        return True
    return any(
        isinstance(part, ast.Attribute)
        and part.attr.endswith("_")
        and not part.attr.endswith(("__", "requires_grad_"))
        for part in walk(statement)
    )


def _write(context: FileContext, pull: _Pull, taken: set[str]) -> None:
    edits = context.edits
    output = pull.requests[0].output
    back = _new_name(f"{output}_vjp", taken)
    context.imports.add("import jax")
    *between, last = pull.slice
    made: list[ast.stmt] = []
    function: ast.expr = ast.Lambda(_arguments(pull.inputs), last.value)
    if between:
        name = _new_name(f"{output}_fn", taken)
        body = [part for statement in between for part in _again(context, statement)]
        made.append(_function(name, pull.inputs, [*body, ast.Return(last.value)]))
        function = ast.Name(name, ast.Load())
    vjp = ast.Attribute(ast.Name("jax", ast.Load()), "vjp", ast.Load())
    arguments: list[ast.expr] = [ast.Name(name, ast.Load()) for name in pull.inputs]
    pair = ast.Tuple([ast.Name(output, ast.Store()), ast.Name(back, ast.Store())], ast.Store())
    made.append(ast.Assign([pair], ast.Call(vjp, [function, *arguments], [])))
    edits.replace_statement(pull.statement, made)
    for request in pull.requests:
        _answer(context, request, pull.inputs, back)


def _again(context: FileContext, statement: ast.Assign) -> list[ast.stmt]:
    """A statement once more, in a function."""
    present = context.edits.statements.get(statement)
    if present is None:
        return [ast.Assign([ast.Name(_bound(statement), ast.Store())], statement.value)]
    above: list[ast.stmt] = [Verbatim("")] if isinstance(present[0], ast.FunctionDef) else []
    return [*above, *present]


def _answer(context: FileContext, request: _Request, inputs: list[str], back: str) -> None:
    """Print what the call is replaced by."""
    call = request.call
    cotangent = request.cotangent
    if cotangent is None:
        ones = ast.Attribute(ast.Name("jnp", ast.Load()), "ones_like", ast.Load())
        cotangent = ast.Call(ones, [ast.Name(request.output, ast.Load())], [])
        context.imports.add("import jax.numpy as jnp")
    value: ast.expr = ast.Call(ast.Name(back, ast.Load()), [cotangent], [])
    if request.is_constant:
        lax = ast.Attribute(ast.Name("jax", ast.Load()), "lax", ast.Load())
        stop = ast.Attribute(lax, "stop_gradient", ast.Load())
        value = ast.Call(stop, [value], [])
    replaced: ast.expr = call
    if request.inputs != inputs:
        places = [inputs.index(name) for name in request.inputs]
        parent = context.edits.parents[call]
        match parent:
            case ast.Subscript(slice=ast.Constant(value=int(asked))) if len(places) > asked >= 0:
                replaced = parent
                value = ast.Subscript(value, ast.Constant(places[asked]), ast.Load())
            case _:
                items: list[ast.expr] = [
                    ast.Subscript(value, ast.Constant(place), ast.Load()) for place in places
                ]
                value = ast.Tuple(items, ast.Load())
    context.done.update({call, call.func})
    context.edits.replace(replaced, value)


def _new_name(wanted: str, taken: set[str]) -> str:
    while wanted in taken:
        wanted += "_"
    return wanted


def _bound(statement: ast.Assign) -> str:
    [target] = statement.targets
    assert isinstance(target, ast.Name)
    return target.id


def _arguments(names: list[str]) -> ast.arguments:
    return ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])


def _function(name: str, inputs: list[str], body: list[ast.stmt]) -> ast.FunctionDef:
    tree = ast.parse(f"def {name}({', '.join(inputs)}): pass")
    [made] = tree.body
    assert isinstance(made, ast.FunctionDef)
    made.body = body
    return made
