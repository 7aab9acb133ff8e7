"""Optimizers: ``torch.optim.Adam(model.parameters())`` → ``nnx.Optimizer(model, optax.adam())``."""

from __future__ import annotations

import ast
import itertools

from tojax.source.kinds import Kind
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.passes.dataflow import text_of
from tojax.translate.passes.freezing import trained
from tojax.translate.passes.given_parameters import (
    are_apart,
    are_parameters,
    followed,
    is_groups,
    models_of_groups,
    parameter_calls,
    parameter_owners,
)
from tojax.translate.passes.parameter_groups import parameter_groups
from tojax.translate.rule_calls import RuleCalls
from tojax.translate.specialise import Argument, NotReducible, Unsupported
from tojax.translate.specialise.literals import static

_CYCLES_MOMENTUM = {"torch.optim.lr_scheduler.OneCycleLR", "torch.optim.lr_scheduler.CyclicLR"}


def adjusted(contexts: list[FileContext]) -> str:
    """What a program changes while it trains: ``"rate"``, ``"momentum"`` too, or nothing."""
    found = ""
    for context in contexts:
        for node in context.edits.nodes(ast.Name, ast.Attribute, ast.Call):
            name = context.name(node)
            parent = context.edits.parents[node]
            if name in _CYCLES_MOMENTUM and isinstance(parent, ast.Call) and _cycles(parent):
                return "momentum"
            if name.startswith("torch.optim.lr_scheduler.") or name.endswith(".param_groups"):
                found = "rate"
    return found


def _cycles(scheduler: ast.Call) -> bool:
    return not any(
        keyword.arg == "cycle_momentum" and static(keyword.value) is False
        for keyword in scheduler.keywords
    )


def optimizers(context: FileContext, rules: RuleCalls, *, adjustable: str) -> None:
    """Rewrite the construction of optimizers and the access to their groups of parameters.

    Args:
        context: the file.
        rules: applies the rule of the optimizer.
        adjustable: what to keep in the optimizer's state, for schedulers to change: `adjusted`.
    """
    for node in context.edits.nodes(ast.Call, ast.Subscript):
        if isinstance(node, ast.Call):
            name = context.name(node.func)
            prefix, _, last = name.rpartition(".")
            if prefix == "torch.optim" and last[:1].isupper() and last != "Optimizer":
                _construct(context, rules, node, name, adjustable)
        else:
            parameter_groups(context, rules, node)


def _construct(
    context: FileContext, rules: RuleCalls, node: ast.Call, name: str, adjustable: str
) -> None:
    context.done.add(node)
    rule = rules.choose(name)
    positional, keywords = rules.arguments(node)
    params = positional[0].node if positional else getattr(keywords.get("params"), "node", None)
    if rule is None or params is None:
        context.leave_unknown(node, name)
        return
    function = context.enclosing_function(node)
    params = followed(function or context.edits.tree, params)
    models = parameter_owners(context, params)
    try:
        if is_groups(params):
            made = _grouped(context, rules, node, name, params, positional, keywords)
        elif len(models) == 1 or are_apart(models):
            model = models[0] if len(models) == 1 else ast.Tuple([*models], ast.Load())
            if are_parameters(context, models):  # themselves, not their values
                model = ast.Tuple([_name(text_of(part)) for part in models], ast.Load())
            made = _plain(context, rules, node, name, model, positional, keywords, adjustable)
        else:
            context.leave(node, "TJ204", name, "cannot tell which module the parameters are of")
            return
    except (Unsupported, NotReducible) as error:
        context.leave(node, "TJ202", name, f"{name}: {error}")
        return
    context.imports |= {"from flax import nnx", "import optax"}
    context.rules[name] = None
    context.done.update(call for call in parameter_calls(node) if call is not node)
    if made is not node:
        context.edits.replace(node, made)


def _arguments(
    positional: list[Argument], keywords: dict[str, Argument], model: ast.expr
) -> tuple[list[Argument], dict[str, Argument]]:
    """The arguments with the module in place of its parameters."""
    owner = Argument(model, Kind("module"))
    if positional:
        return [owner, *positional[1:]], keywords
    return [], {**keywords, "params": owner}


def _plain(
    context: FileContext,
    rules: RuleCalls,
    node: ast.Call,
    name: str,
    model: ast.expr,
    positional: list[Argument],
    keywords: dict[str, Argument],
    adjustable: str,
) -> ast.expr:
    positional, keywords = _arguments(positional, keywords, model)
    rule = rules.choose(name)
    assert rule is not None
    if isinstance(rule.node, ast.ClassDef):
        return _whole(context, rules, node, name, positional, keywords, adjustable)
    if not adjustable:
        transformation = rules.apply(name, rule, positional, keywords, node)
        assert transformation is not None
        return _optimizer(context, model, transformation)
    names = [argument.arg for argument in context.index.signature(rule).args]
    given = {**dict(zip(names, positional, strict=False)), **keywords}
    rate = given["lr"].node if "lr" in given else _default(context, rules, name, "lr")
    injected = {"learning_rate": rate}
    given["lr"] = Argument(_name("learning_rate"), Kind("float"))
    if adjustable == "momentum":
        _inject_momentum(context, rules, name, names, given, injected)
    transformation = rules.apply(name, rule, [], given, node)
    assert transformation is not None
    parameters = [ast.arg(key) for key in injected]
    arguments = ast.arguments([], parameters, None, [], [], None, [])
    inject = ast.Call(_optax("inject_hyperparams"), [ast.Lambda(arguments, transformation)], [])
    values = [ast.keyword(key, value) for key, value in injected.items()]
    return _optimizer(context, model, ast.Call(inject, [], values))


def _whole(
    context: FileContext,
    rules: RuleCalls,
    node: ast.Call,
    name: str,
    positional: list[Argument],
    keywords: dict[str, Argument],
    adjustable: str,
) -> ast.expr:
    """An optimizer that is more than an update: it has a class of its own."""
    if adjustable:
        raise Unsupported("its learning rate cannot be changed by a scheduler")
    if context.freezes:
        raise Unsupported("it updates all parameters, also frozen ones")
    rule = rules.choose(name)
    assert rule is not None
    made = rules.apply(name, rule, positional, keywords, node)
    if made is None:  # the call stays, with another name and its own arguments
        given = node.args[0] if node.args else _params(node)
        owner = positional[0] if positional else keywords["params"]
        context.edits.replace(given, owner.node)
        return node
    return made


def _params(node: ast.Call) -> ast.expr:
    return next(keyword.value for keyword in node.keywords if keyword.arg == "params")


def _inject_momentum(
    context: FileContext,
    rules: RuleCalls,
    name: str,
    names: list[str],
    given: dict[str, Argument],
    injected: dict[str, ast.expr],
) -> None:
    """Make the momentum adjustable too, which Adam and its kin call ``b1``."""
    if "momentum" in names:
        injected["momentum"] = given["momentum"].node if "momentum" in given else ast.Constant(0.0)
        given["momentum"] = Argument(_name("momentum"), Kind("float"))
    elif "betas" in names:
        default = _default(context, rules, name, "betas")
        betas = given["betas"].node if "betas" in given else default
        if not isinstance(betas, ast.Tuple | ast.List) or len(betas.elts) != 2:
            raise Unsupported("betas must be written out where a scheduler changes the momentum")
        injected["b1"] = betas.elts[0]
        pair = ast.Tuple([_name("b1"), betas.elts[1]], ast.Load())
        given["betas"] = Argument(pair, Kind("tuple", (Kind("float"), Kind("float"))))


def _default(context: FileContext, rules: RuleCalls, name: str, parameter: str) -> ast.expr:
    rule = rules.choose(name)
    assert rule is not None
    signature = context.index.signature(rule)
    names = [argument.arg for argument in signature.args]
    offset = len(names) - len(signature.defaults)
    return signature.defaults[names.index(parameter) - offset]


def _grouped(
    context: FileContext,
    rules: RuleCalls,
    node: ast.Call,
    name: str,
    params: ast.expr,
    positional: list[Argument],
    keywords: dict[str, Argument],
) -> ast.expr:
    """Groups of parameters with their own hyperparameters."""
    models = models_of_groups(context, node, params)
    if not models:
        raise Unsupported("cannot tell which module the groups of parameters are of")
    model = models[0] if len(models) == 1 else ast.Tuple(models, ast.Load())
    rule = rules.choose(name)
    assert rule is not None
    signature = context.index.signature(rule)
    names = [argument.arg for argument in signature.args]
    given = {**dict(zip(names[1:], positional[1:], strict=False)), **keywords}
    given.pop("params", None)
    varied = _group_keys(context, node, params) | {"lr"}
    inner = {
        key: Argument(_name(key), Kind("float")) if key in varied else argument
        for key, argument in given.items()
    }
    for key in sorted(varied - given.keys()):
        inner[key] = Argument(_name(key), Kind("float"))
    _list_parameters(context, rules, params)
    owner = Argument(model, Kind("module"))
    transformation = rules.apply(name, rule, [owner], inner, node)
    assert transformation is not None
    order = [key for key in names if key in varied]
    arguments = ast.arguments([], [ast.arg(key) for key in order], None, [], [], None, [])
    groups = positional[0].node if positional else keywords["params"].node
    defaults = [
        ast.keyword(key, given[key].node if key in given else _default(context, rules, name, key))
        for key in order
    ]
    helper = context.helper("optim_groups", "grouped_optimizer")
    return ast.Call(helper, [model, groups, ast.Lambda(arguments, transformation)], defaults)


def _list_parameters(context: FileContext, rules: RuleCalls, params: ast.expr) -> None:
    """Rewrite ``model.head.parameters()`` in groups, also where the kind of ``head`` is unknown."""
    for call in parameter_calls(params):
        assert isinstance(call.func, ast.Attribute)
        name = f"torch.nn.Module.{call.func.attr}"
        rule = rules.choose(name)
        assert rule is not None
        owner = Argument(call.func.value, Kind("module"))
        positional, keywords = rules.arguments(call)
        made = rules.apply(name, rule, [owner, *positional], keywords, call)
        assert made is not None
        context.edits.replace(call, made)


def _group_keys(context: FileContext, node: ast.Call, params: ast.expr) -> set[str]:
    """Hyperparameters that groups give: the string keys of the dicts around the call."""
    function = context.enclosing_function(node)
    dicts = itertools.chain(walk(params), walk(function) if function else ())
    return {
        str(key.value)
        for part in dicts
        if isinstance(part, ast.Dict)
        and any(isinstance(k, ast.Constant) and k.value == "params" for k in part.keys)
        for key in part.keys
        if isinstance(key, ast.Constant) and key.value not in ("params", "name")
    }


def _optimizer(context: FileContext, model: ast.expr, transformation: ast.expr) -> ast.expr:
    nnx = ast.Name("nnx", ast.Load())
    wrt = ast.keyword("wrt", trained(context))
    return ast.Call(ast.Attribute(nnx, "Optimizer", ast.Load()), [model, transformation], [wrt])


def _optax(name: str) -> ast.expr:
    return ast.Attribute(ast.Name("optax", ast.Load()), name, ast.Load())


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())
