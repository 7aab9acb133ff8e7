"""Optimizers: ``torch.optim.Adam(model.parameters())`` → ``nnx.Optimizer(model, optax.adam())``."""

from __future__ import annotations

import ast
import itertools

from tojax.source.facts import Function
from tojax.source.kinds import Kind
from tojax.translate.context import FileContext
from tojax.translate.passes.dataflow import text_of
from tojax.translate.passes.freezing import trained
from tojax.translate.rule_calls import RuleCalls
from tojax.translate.specialise import Argument, NotReducible, Unsupported
from tojax.translate.specialise.literals import static

_PARAMETERS = {"parameters", "named_parameters"}


def changes_rates(contexts: list[FileContext]) -> bool:
    """Whether a program changes learning rates while it trains."""
    for context in contexts:
        for node, name in context.inference.names.items():
            if node in context.edits.parents and (
                name.startswith("torch.optim.lr_scheduler.") or name.endswith(".param_groups")
            ):
                return True
    return False


def optimizers(context: FileContext, rules: RuleCalls, *, adjustable: bool) -> None:
    """Rewrite the construction of optimizers and the access to their groups of parameters.

    Args:
        context: the file.
        rules: applies the rule of the optimizer.
        adjustable: keep the learning rate in the optimizer's state, for schedulers to change.
    """
    for node in list(context.edits.parents):
        if isinstance(node, ast.Call):
            name = context.name(node.func)
            prefix, _, last = name.rpartition(".")
            if prefix == "torch.optim" and last[:1].isupper() and last != "Optimizer":
                _construct(context, rules, node, name, adjustable)
        elif isinstance(node, ast.Subscript) and context.kind(node.value).tag == "group":
            _group_item(context, node)


def _group_item(context: FileContext, node: ast.Subscript) -> None:
    key = static(node.slice)
    if key in ("lr", "momentum"):
        name = ast.Constant("learning_rate" if key == "lr" else key)
        item = ast.Subscript(node.value, name, ast.Load())
        context.edits.replace(node, ast.Subscript(item, ast.Constant(...), node.ctx))
    else:
        context.leave(node, "TJ202", "torch.optim.Optimizer.param_groups",
                      "only the learning rate and the momentum of a group can change")  # fmt: skip


def _construct(
    context: FileContext, rules: RuleCalls, node: ast.Call, name: str, adjustable: bool
) -> None:
    context.done.add(node)
    rule = rules.choose(name)
    positional, keywords = rules.arguments(node)
    params = positional[0].node if positional else getattr(keywords.get("params"), "node", None)
    if rule is None or params is None:
        context.leave(node, "TJ201", name, f"no rule for {name}")
        return
    function = context.enclosing_function(node)
    params = _followed(function, params)
    models = parameter_owners(params)
    try:
        if _is_groups(params):
            made = _grouped(context, rules, node, name, params, positional, keywords)
        elif len(models) == 1:
            made = _plain(context, rules, node, name, models[0], positional, keywords, adjustable)
        else:
            context.leave(node, "TJ204", name, "cannot tell which module the parameters are of")
            return
    except (Unsupported, NotReducible) as error:
        context.leave(node, "TJ202", name, f"{name}: {error}")
        return
    context.imports |= {"from flax import nnx", "import optax"}
    context.rules[name] = None
    context.done.update(_parameter_calls(params))
    context.edits.replace(node, made)


def _followed(function: Function | None, params: ast.expr) -> ast.expr:
    """The expression that a local name was last given."""
    if not isinstance(params, ast.Name) or function is None:
        return params
    value: ast.expr = params
    for statement in ast.walk(function):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=assigned) if name == params.id:
                value = assigned
    is_list = isinstance(value, ast.List) and not value.elts
    return params if is_list else value


def parameter_owners(params: ast.expr) -> list[ast.expr]:
    """The modules whose ``parameters()`` an expression takes."""
    found: dict[str, ast.expr] = {}
    for call in _parameter_calls(params):
        assert isinstance(call.func, ast.Attribute)
        found.setdefault(ast.unparse(call.func.value), call.func.value)
    return list(found.values())


def _parameter_calls(params: ast.AST) -> list[ast.Call]:
    return [
        part
        for part in ast.walk(params)
        if isinstance(part, ast.Call)
        and isinstance(part.func, ast.Attribute)
        and part.func.attr in _PARAMETERS
    ]


def _is_groups(params: ast.expr) -> bool:
    match params:
        case ast.List(elts=[ast.Dict(), *_]):
            return True
        case ast.Name():
            return True
        case ast.ListComp(elt=ast.Dict()):
            return True
        case ast.Call():
            return not parameter_owners(params)
    return False


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
    adjustable: bool,
) -> ast.expr:
    positional, keywords = _arguments(positional, keywords, model)
    rule = rules.choose(name)
    assert rule is not None
    if not adjustable:
        transformation = rules.apply(name, rule, positional, keywords, node)
        assert transformation is not None
        return _optimizer(context, model, transformation)
    rate: ast.expr
    if len(positional) > 1:
        rate = positional[1].node
        positional[1] = Argument(_name("learning_rate"), Kind("float"))
    else:
        rate = keywords["lr"].node if "lr" in keywords else _default(context, rules, name, "lr")
        keywords = {**keywords, "lr": Argument(_name("learning_rate"), Kind("float"))}
    transformation = rules.apply(name, rule, positional, keywords, node)
    assert transformation is not None
    arguments = ast.arguments([], [ast.arg("learning_rate")], None, [], [], None, [])
    inject = ast.Call(_optax("inject_hyperparams"), [ast.Lambda(arguments, transformation)], [])
    injected = ast.Call(inject, [], [ast.keyword("learning_rate", rate)])
    return _optimizer(context, model, injected)


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
    model = _model_of_groups(context, node, params)
    if model is None:
        raise Unsupported("cannot tell which module the groups of parameters are of")
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
    for call in _parameter_calls(params):
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
    dicts = itertools.chain(ast.walk(params), ast.walk(function) if function else ())
    return {
        str(key.value)
        for part in dicts
        if isinstance(part, ast.Dict)
        and any(isinstance(k, ast.Constant) and k.value == "params" for k in part.keys)
        for key in part.keys
        if isinstance(key, ast.Constant) and key.value not in ("params", "name")
    }


def _model_of_groups(context: FileContext, node: ast.Call, params: ast.expr) -> ast.expr | None:
    function = context.enclosing_function(node)
    roots: dict[str, ast.expr] = {}
    for scope in (params, function):
        if scope is None:
            continue
        for call in _parameter_calls(scope):
            assert isinstance(call.func, ast.Attribute)
            owner = call.func.value
            text = text_of(owner)
            if not text:
                continue
            if text.startswith("self."):
                roots.setdefault(text, owner)
                continue
            root: ast.expr = owner
            while isinstance(root, ast.Attribute):
                root = root.value
            roots.setdefault(text.partition(".")[0], root)
        if roots:
            break
    return next(iter(roots.values())) if len(roots) == 1 else None


def _optimizer(context: FileContext, model: ast.expr, transformation: ast.expr) -> ast.expr:
    nnx = ast.Name("nnx", ast.Load())
    wrt = ast.keyword("wrt", trained(context))
    return ast.Call(ast.Attribute(nnx, "Optimizer", ast.Load()), [model, transformation], [wrt])


def _optax(name: str) -> ast.expr:
    return ast.Attribute(ast.Name("optax", ast.Load()), name, ast.Load())


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())
