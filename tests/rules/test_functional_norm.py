"""torch.nn.functional: normalisation."""

import math

import pytest
import torch
import torch.nn.functional as F
from flax import nnx
from rules.api import functional_norm as rules

from tests.rules.compare import assert_rule, assert_same, to_jax
from tests.rules.functional import assert_agrees, normal, uniform


@pytest.mark.parametrize("shape", [(4,), (3, 4)])
def test_layer_norm(shape):
    x, weight, bias = normal(2, 3, 4), normal(*shape, seed=1), normal(*shape, seed=2)
    assert_agrees(rules.layer_norm, F.layer_norm, x, shape)
    assert_agrees(rules.layer_norm, F.layer_norm, x, shape, weight, bias, eps=0.1)
    assert_agrees(rules.rms_norm, F.rms_norm, x, shape)
    assert_agrees(rules.rms_norm, F.rms_norm, x, shape, weight, eps=0.1)


@pytest.mark.parametrize("name", ["layer_norm", "group_norm", "instance_norm", "batch_norm"])
def test_variance_far_from_zero_is_accurate(name):
    x = normal(2, 4, 50) + 3000
    options = {
        "layer_norm": {"normalized_shape": (50,)},
        "group_norm": {"num_groups": 2},
        "instance_norm": {},
        "batch_norm": {"running_mean": None, "running_var": None, "training": True},
    }[name]
    exact = getattr(F, name)(x.double(), **options)
    # Float32 numbers there are 2.4e-4 apart; a mean of squares would be off by 1.
    assert_same(getattr(rules, name)(to_jax(x), **options), exact.float(), atol=1e-3)


@pytest.mark.parametrize("shape", [(2, 6), (2, 6, 5), (2, 6, 3, 2)])
def test_group_norm(shape):
    weight, bias = normal(6, seed=1), normal(6, seed=2)
    for groups in (1, 3):
        assert_agrees(rules.group_norm, F.group_norm, normal(*shape), groups, weight, bias)
    assert_rule(rules.group_norm, F.group_norm, normal(*shape), 2, eps=0.1)


@pytest.mark.parametrize("shape", [(4, 3), (4, 3, 5), (2, 3, 4, 5)])
def test_batch_norm(shape):
    mean, var = normal(3, seed=1), uniform(3, seed=2) + 0.5
    weight, bias = normal(3, seed=3), normal(3, seed=4)
    statistics = {"running_mean": mean, "running_var": var}
    affine = {"weight": weight, "bias": bias}
    assert_agrees(rules.batch_norm, F.batch_norm, normal(*shape), **statistics, **affine)
    assert_agrees(
        rules.batch_norm, F.batch_norm, normal(*shape), None, None, weight, bias, training=True
    )
    with pytest.raises(NotImplementedError, match="running_mean"):
        rules.batch_norm(to_jax(normal(*shape)), to_jax(mean), to_jax(var), training=True)


@pytest.mark.parametrize("shape", [(2, 3, 5), (2, 3, 4, 5)])
def test_instance_norm(shape):
    mean, var = normal(3, seed=1), uniform(3, seed=2) + 0.5
    weight, bias = normal(3, seed=3), normal(3, seed=4)
    assert_agrees(
        rules.instance_norm, F.instance_norm, normal(*shape), None, None, weight, bias, eps=0.1
    )
    assert_agrees(
        rules.instance_norm,
        F.instance_norm,
        normal(*shape),
        running_mean=mean,
        running_var=var,
        use_input_stats=False,
    )
    with pytest.raises(NotImplementedError, match="running_mean"):
        rules.instance_norm(to_jax(normal(*shape)), to_jax(mean), to_jax(var))


@pytest.mark.parametrize("name", ["batch_norm", "instance_norm"])
@pytest.mark.parametrize("shape", [(2, 3, 5), (2, 3, 4, 5)])
@pytest.mark.parametrize("momentum", [0.1, 0.7])
def test_running_statistics_in_variables_follow(name, shape, momentum):
    mean, var = normal(3, seed=1), uniform(3, seed=2) + 0.5
    ours = [nnx.BatchStat(to_jax(mean)), nnx.Variable(to_jax(var))]
    for seed in (3, 4):
        x = normal(*shape, seed=seed)
        theirs = getattr(F, name)(x, mean, var, None, None, True, momentum)
        assert_same(getattr(rules, name)(to_jax(x), *ours, None, None, True, momentum), theirs)
        assert_same(ours[0][...], mean)
        assert_same(ours[1][...], var)
    theirs = getattr(F, name)(x, mean, var, None, None, False)
    assert_same(getattr(rules, name)(to_jax(x), *ours, None, None, False), theirs)


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("shape", [(2, 5, 4), (2, 5, 3, 2)])
def test_local_response_norm(shape, size):
    options = {"alpha": 0.5, "beta": 0.6, "k": 2.0}
    assert_agrees(rules.local_response_norm, F.local_response_norm, normal(*shape), size, **options)


@pytest.mark.parametrize("p", [1, 2, 3.5, math.inf])
@pytest.mark.parametrize("dim", [0, 1, -1])
def test_normalize(p, dim):
    assert_agrees(rules.normalize, F.normalize, normal(3, 4, 2), p, dim)


@pytest.mark.parametrize("p", [1, 2, 3])
def test_normalize_of_zero_has_a_finite_gradient(p):
    x = torch.cat([torch.zeros(1, 4), normal(1, 4)])
    assert_agrees(rules.normalize, F.normalize, x, p, eps=0.5)
