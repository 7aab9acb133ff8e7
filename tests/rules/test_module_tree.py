"""rules/api: walking over modules."""

from __future__ import annotations

import copy

import jax.numpy as jnp
import optax
from flax import nnx
from rules.api import gradients, module_tree


class Net(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.last = nnx.Linear(2, 3, rngs=rngs)
        self.first = nnx.List([nnx.Linear(3, 1, rngs=rngs), nnx.BatchNorm(1, rngs=rngs)])

    def __call__(self, x):
        return self.first[1](self.first[0](self.last(x)))


def test_parameters_come_in_the_order_of_definition_before_and_after_training() -> None:
    """PyTorch's order; NNX's transformations sort the attributes of a module by name."""
    net = Net(rngs=nnx.Rngs(0))
    names = ["last.kernel", "last.bias", "first.0.kernel", "first.0.bias"]
    names += ["first.1.scale", "first.1.bias"]

    def found(module: nnx.Module) -> list[str]:
        return [name for name, _ in module_tree.named_parameters(module)]

    assert sorted(found(net)) == sorted(names)
    before = found(net)
    assert before[:4] == names[:4]
    optimizer = nnx.Optimizer(net, optax.sgd(0.1), wrt=nnx.Param)
    grads = nnx.grad(lambda net: net(jnp.ones((2, 2))).sum())(net)
    optimizer.update(net, grads)
    for module in (net, nnx.clone(net), copy.deepcopy(net)):
        assert found(module) == before


def test_each_parameter_comes_with_its_gradient() -> None:
    net = Net(rngs=nnx.Rngs(0))
    grads = nnx.grad(lambda net: (net(jnp.ones((2, 2))) ** 2).sum())(net)
    expected = nnx.clone(net)
    nnx.update(expected, grads)
    pairs = list(gradients.with_gradients(net, grads))
    assert [param for param, _ in pairs] == list(module_tree.parameters(net))
    for (_, grad), wanted in zip(pairs, module_tree.parameters(expected), strict=True):
        assert jnp.array_equal(grad, wanted[...])
