from collections.abc import Callable, Iterable, Iterator

import jax
import jax.numpy as jnp
import optax
from flax import nnx
from jax import Array


class Linear(nnx.Module):
    """A dense layer whose weight has shape (out_features, in_features)."""

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        kernel_init: nnx.Initializer = nnx.initializers.lecun_normal(in_axis=1, out_axis=0),
        bias_init: nnx.Initializer = nnx.initializers.zeros,
        rngs: nnx.Rngs,
    ):
        self.in_features = in_features
        self.out_features = out_features
        shape = (out_features, in_features)
        self.weight = nnx.Param(kernel_init(rngs.params(), shape))
        self.bias = (
            nnx.Param(bias_from(bias_init, rngs.params(), shape, out_features)) if bias else None
        )

    def __call__(self, x: Array) -> Array:
        y = x @ self.weight[...].T
        return y if self.bias is None else y + self.bias[...]


def bias_from(init: nnx.Initializer, key: Array, shape: tuple[int, ...], count: int) -> Array:
    """``count`` biases, drawn as entries of a weight so that its fan-in can scale them too."""
    return init(key, shape).ravel()[:count]


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


def modules(self: nnx.Module) -> Iterator[nnx.Module]:
    """A module and everything inside it, each once."""
    return (module for _, module in named_modules(self))


class Scan(nnx.Module):
    def __init__(self, width, *, rngs: nnx.Rngs):
        self.log = nnx.Param(jnp.zeros(width))
        self.log.set_metadata(_no_weight_decay=True)
        self.proj = Linear(width, width, rngs=rngs)
        self.proj.bias.set_metadata(_no_reinit=True)

    def __call__(self, x):
        return self.proj(x) * jnp.exp(self.log[...])


def reset(model):
    for module in modules(model):
        if isinstance(module, Linear) and module.bias is not None:
            if not getattr(module.bias, "_no_reinit", False):
                module.bias[...] = jnp.zeros_like(module.bias[...])


def groups(model):
    decayed, others = [], []
    for name, param in named_parameters(model):
        if hasattr(param, "_no_weight_decay") or param[...].ndim == 1:
            others.append(param)
        else:
            decayed.append(param)
    return grouped_optimizer(model, [{"params": decayed}, {"params": others, "weight_decay": 0.0}], lambda lr, weight_decay: optax.adamw(lr, weight_decay=weight_decay), lr=0.001, weight_decay=0.01)


def one_by_one(model):
    params = []
    for name, param in named_parameters(model):
        params += [{"params": [param], "lr": 0.2 if "bias" in name else 0.1}]
    return grouped_optimizer(model, params, lambda lr: optax.sgd(lr), lr=0.1)
