"""torch.nn: containers of layers and of parameters."""

import copy
import functools
from collections import OrderedDict

import jax
import jax.numpy as jnp
import pytest
import torch
from flax import nnx
from rules.api import nn_container
from rules.api.nn_linear import Linear
from torch import nn

from tests.rules.compare import assert_same
from tests.rules.layers import assert_layer, variables


def layers():
    rngs = nnx.Rngs(0)
    leaky = functools.partial(jax.nn.leaky_relu, negative_slope=0.2)
    return [Linear(3, 4, rngs=rngs), jax.nn.relu, Linear(4, 3, rngs=rngs), leaky]


def modules():
    return [nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 3), nn.LeakyReLU(0.2)]


def test_sequential():
    assert_layer(nn_container.Sequential(*layers()), nn.Sequential(*modules()), torch.randn(2, 3))


def test_sequential_with_names():
    names = ["first", "act", "second", "leaky"]
    ours = nn_container.sequential(OrderedDict(zip(names, layers(), strict=True)))
    theirs = nn.Sequential(OrderedDict(zip(names, modules(), strict=True)))
    assert_layer(ours, theirs, torch.randn(2, 3))
    assert_layer(ours[1:3], theirs[1:3], torch.randn(2, 4))
    assert isinstance(ours.second, Linear)


def test_sequential_of_unnamed_layers_is_nnx_sequential():
    assert isinstance(nn_container.sequential(*layers()), nnx.Sequential)


@pytest.mark.parametrize(
    "edit",
    [
        lambda seq, make: seq.append(make()),
        lambda seq, make: seq.extend([make(), make()]),
        lambda seq, make: seq.insert(1, make()),
        lambda seq, make: seq.__setitem__(1, make()),
        lambda seq, make: seq.__setitem__(-1, make()),
        lambda seq, make: seq.__delitem__(1),
        lambda seq, make: seq.__delitem__(slice(0, 2)),
        lambda seq, make: seq.pop(1),
        lambda seq, make: seq.add_module("extra", make()),
    ],
)
def test_sequential_edits(edit):
    ours, theirs = nn_container.Sequential(*layers()), nn.Sequential(*modules())
    edit(ours, lambda: Linear(3, 3, rngs=nnx.Rngs(0)))
    edit(theirs, lambda: nn.Linear(3, 3))
    assert len(ours) == len(theirs)
    assert set(variables(ours)) == set(theirs.state_dict())
    assert [isinstance(layer, Linear) for layer in ours] == [
        isinstance(layer, nn.Linear) for layer in theirs
    ]


def test_sequential_passes_tuples_on():
    ours = nn_container.Sequential(lambda x: (x, x), lambda pair: pair[0] + pair[1])
    assert ours(2) == 4


@pytest.mark.parametrize("container", [nn_container.Sequential, nnx.Sequential])
def test_functions_in_containers_survive_transforms(container):
    model, x = container(*layers()), jnp.ones((2, 3))
    expected = model(x)
    assert (nnx.jit(lambda model, x: model(x))(model, x) == expected).all()
    assert (copy.deepcopy(model)(x) == expected).all()
    assert (nnx.clone(model)(x) == expected).all()
    gradients = nnx.grad(lambda model: model(x).sum())(model)
    assert len(jax.tree.leaves(gradients)) == 4


def test_module_list():
    ours, theirs = nn_container.module_list(layers()), nn.ModuleList(modules())
    assert set(variables(ours)) == set(theirs.state_dict())
    assert len(nn_container.module_list()) == 0


def test_module_dict():
    names = ["a", "b", "c", "d"]
    ours = nn_container.module_dict(dict(zip(names, layers(), strict=True)))
    theirs = nn.ModuleDict(dict(zip(names, modules(), strict=True)))
    assert set(variables(ours)) == set(theirs.state_dict())
    assert list(ours.keys()) == list(theirs.keys())
    pairs = nn_container.module_dict(zip(names, layers(), strict=True))
    assert list(pairs.keys()) == names
    assert len(nn_container.module_dict()) == 0


def test_parameter_list():
    for values in ([jnp.ones(2), jnp.zeros(3)], [nnx.Param(jnp.ones(2)), nnx.Param(jnp.zeros(3))]):
        ours = nn_container.parameter_list(values)
        assert [type(value) for value in ours] == [nnx.Param, nnx.Param]
        assert set(variables(ours)) == {"0", "1"}
    assert len(nn_container.parameter_list()) == 0


def test_parameter_dict():
    ours = nn_container.parameter_dict({"a": jnp.ones(2), "b": nnx.Param(jnp.zeros(3))})
    theirs = nn.ParameterDict({"a": torch.ones(2), "b": nn.Parameter(torch.zeros(3))})
    assert set(variables(ours)) == set(theirs.state_dict())
    assert all(isinstance(value, nnx.Param) for value in ours.values())
    assert len(nn_container.parameter_dict()) == 0


def test_parameter_and_buffer():
    assert isinstance(nn_container.parameter(jnp.ones(2)), nnx.Param)
    frozen = nn_container.parameter(jnp.ones(2), requires_grad=False)
    assert isinstance(frozen, nnx.Variable) and not isinstance(frozen, nnx.Param)
    assert_same(frozen[...], torch.ones(2))
    layer = nnx.Dict(
        a=nn_container.buffer(jnp.ones(2)), b=nn_container.buffer(jnp.ones(2), persistent=False)
    )
    assert set(variables(layer)) == {"a"}
