"""torch.optim: parameter groups, and the hyperparameters that change while training.

A hyperparameter can change if `optax.inject_hyperparams` keeps it in the optimizer's state:

    nnx.Optimizer(model, optax.inject_hyperparams(optax.adamw)(learning_rate=3e-4), wrt=nnx.Param)
    nnx.Optimizer(
        model,
        optax.inject_hyperparams(lambda learning_rate: optax.chain(...))(learning_rate=3e-4),
        wrt=nnx.Param,
    )
"""

from collections.abc import Callable, Iterable

import jax
import optax
from flax import nnx

from tojax.rules.api import torch_property


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


@torch_property("torch.optim.Optimizer.param_groups")
def param_groups(self: nnx.Optimizer) -> list[dict]:
    """The adjustable hyperparameters of each group of parameters.

    They are variables: `param_groups(optimizer)[0]["learning_rate"][...] = 1e-4`.
    """
    state = self.opt_state
    if not isinstance(state, optax.transforms.PartitionState):
        return [state.hyperparams]
    inner = [group.inner_state for _, group in sorted(state.inner_states.items())]
    return [group.hyperparams for group in inner if hasattr(group, "hyperparams")]
