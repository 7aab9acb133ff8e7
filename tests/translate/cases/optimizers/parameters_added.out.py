from collections.abc import Callable, Iterable, Iterator

import jax
import optax
from flax import nnx


def grouped_optimizer(
    model: nnx.Module,
    groups: Iterable[dict],
    transformation: Callable[..., optax.GradientTransformation],
    **defaults,
) -> nnx.Optimizer:
    """An optimizer which updates every group of parameters with its own hyperparameters.

    Args:
        model: the module that holds the parameters; those in no group are not updated.
        groups: dicts of `params`, one parameter or several, and the group's hyperparameters.
        transformation: makes the update from the hyperparameters, by keyword; `lr`, `momentum` and
            `b1` may change later, see `param_groups`.
        defaults: hyperparameters of the groups that do not give their own.
    """
    labels, transforms = {}, {}
    for index, group in enumerate(groups):
        options = {**defaults, **group}
        params = options.pop("params")
        for param in [params] if isinstance(params, nnx.Variable) else params:
            if id(param) in labels:
                raise ValueError("a parameter appears in more than one group")
            labels[id(param)] = index
        transforms[index] = _adjustable(transformation, options)
    frozen = len(transforms)
    transforms[frozen] = optax.set_to_zero()
    param_labels = jax.tree.map(
        lambda param: labels.pop(id(param), frozen),
        nnx.state(model, nnx.Param),
        is_leaf=lambda node: isinstance(node, nnx.Variable),
    )
    if labels:
        raise ValueError("a parameter of a group is not one of the model's")
    return nnx.Optimizer(model, optax.partition(transforms, param_labels), wrt=nnx.Param)


def _adjustable(
    transformation: Callable[..., optax.GradientTransformation], options: dict
) -> optax.GradientTransformation:
    """The transformation with its learning rate and momentum kept in its state."""
    names = {"lr": "learning_rate", "momentum": "momentum", "b1": "b1"}
    fixed = {key: value for key, value in options.items() if key not in names}
    moving = {names[key]: value for key, value in options.items() if key in names}

    def make(learning_rate, momentum=None, b1=None):
        given = {"lr": learning_rate, "momentum": momentum, "b1": b1}
        return transformation(**fixed, **{key: given[key] for key in options if key in names})

    return optax.inject_hyperparams(make)(**moving)


def named_parameters(
    self: nnx.Module, prefix="", recurse=True, remove_duplicate=True
) -> Iterator[tuple[str, nnx.Param]]:
    """The parameters of a module with their dotted paths; a shared one once, at its first."""
    return named_variables(
        self, lambda value: isinstance(value, nnx.Param), prefix, recurse, remove_duplicate
    )


def named_variables(
    module: nnx.Module,
    select: Callable[[object], bool],
    prefix: str = "",
    recurse: bool = True,
    remove_duplicate: bool = True,
) -> Iterator[tuple[str, nnx.Variable]]:
    """The selected variables of a module with their dotted paths."""
    seen = set()
    parts = named_modules(module, prefix=prefix, remove_duplicate=remove_duplicate)
    for path, part in parts if recurse else [(prefix, module)]:
        for name, value in members(part):
            if select(value) and id(value) not in seen:
                if remove_duplicate:
                    seen.add(id(value))
                yield f"{path}.{name}" if path else name, value


def named_modules(
    self: nnx.Module, memo=None, prefix="", remove_duplicate=True
) -> Iterator[tuple[str, nnx.Module]]:
    """A module and everything inside it, each once unless duplicates stay, with dotted paths."""
    seen = set() if memo is None else memo
    if id(self) in seen:
        return
    if remove_duplicate:
        seen.add(id(self))
    yield prefix, self
    for name, value in members(self):
        if isinstance(value, nnx.Module):
            path = f"{prefix}.{name}" if prefix else name
            yield from named_modules(value, seen, path, remove_duplicate)


def members(module: nnx.Module) -> Iterable[tuple[str, object]]:
    """The attributes of a module in the order of their definition, items for a container."""
    if isinstance(module, nnx.Sequential):
        module = module.layers
    if isinstance(module, nnx.List):
        return [(str(index), item) for index, item in enumerate(module)]
    # NNX's transformations sort the attributes, but it keeps a record in the order of definition.
    names = dict.fromkeys([*getattr(module, "_pytree__nodes", ()), *vars(module)])
    return [(name, vars(module)[name]) for name in names if name in vars(module)]


def parameters(self: nnx.Module, recurse=True) -> Iterator[nnx.Param]:
    """The parameters of a module, a shared one once."""
    return (param for _, param in named_parameters(self, recurse=recurse))


def both(encoder, decoder):
    params = list(parameters(encoder))
    params += list(parameters(decoder))
    return nnx.Optimizer((encoder, decoder), optax.adam(1e-2), wrt=nnx.Param)


def from_nothing(encoder, decoder):
    params = []
    params.extend(parameters(encoder))
    params.extend(parameters(decoder))
    return nnx.Optimizer((encoder, decoder), optax.adam(1e-2), wrt=nnx.Param)


def perhaps(model, fine, deep):
    params = list(parameters(model))
    if deep:
        params += list(parameters(fine))
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    return torch.optim.Adam(params=params, lr=1e-2)  # TODO(tojax): TJ204 cannot tell which module the parameters are of


def groups(model):
    params = [{"params": parameters(model.head), "lr": 0.1}]
    params += [{"params": parameters(model.body), "lr": 0.2}]
    return grouped_optimizer(model, params, lambda lr: optax.adam(lr), lr=1e-2)


def gathered(model):
    params = []
    for name, value in named_parameters(model):
        params += [{"params": [value], "lr": 0.1}]
    return grouped_optimizer(model, params, lambda lr: optax.adam(lr), lr=1e-2)
