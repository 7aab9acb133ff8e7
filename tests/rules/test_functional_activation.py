"""torch.nn.functional: activations."""

import math

import jax
import pytest
import torch
import torch.nn.functional as F
from flax import nnx
from rules.api import functional_activation as rules

from tests.rules.compare import assert_rule, assert_same, to_jax
from tests.rules.functional import assert_agrees, normal

# Every corner that an activation has is among these.
POINTS = torch.tensor([-30.0, -6, -3, -1, -0.5, -1e-4, 0, 1e-4, 0.5, 1, 3, 6, 19, 30])


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("relu", {}),
        ("relu6", {}),
        ("hardtanh", {}),
        ("hardtanh", {"min_val": -0.5, "max_val": 3}),
        ("hardsigmoid", {}),
        ("hardswish", {}),
        ("elu", {}),
        ("elu", {"alpha": 0.7}),
        ("selu", {}),
        ("celu", {}),
        ("celu", {"alpha": 2.5}),
        ("gelu", {}),
        ("gelu", {"approximate": "tanh"}),
        ("silu", {}),
        ("mish", {}),
        ("softplus", {}),
        ("softplus", {"beta": 3}),
        ("softplus", {"beta": 2, "threshold": 1.5}),
        ("softsign", {}),
        ("logsigmoid", {}),
        ("sigmoid", {}),
        ("tanh", {}),
        ("tanhshrink", {}),
        ("hardshrink", {}),
        ("hardshrink", {"lambd": 1}),
        ("softshrink", {}),
        ("softshrink", {"lambd": 3}),
        ("threshold", {"threshold": 0.5, "value": -7}),
        ("leaky_relu", {}),
        ("leaky_relu", {"negative_slope": 0.2}),
        ("glu", {"dim": 0}),
    ],
)
def test_activation(name, options):
    assert_agrees(getattr(rules, name), getattr(F, name), POINTS, **options)


@pytest.mark.parametrize("name", ["relu", "relu6", "hardtanh", "leaky_relu", "gelu", "softplus"])
def test_nan_and_infinity_and_half_precision(name):
    special = torch.tensor([math.nan, math.inf, -math.inf])
    if name != "gelu":  # PyTorch's own kernels differ on gelu(-inf)
        assert_rule(getattr(rules, name), getattr(F, name), special)
    half = POINTS.bfloat16()
    got = getattr(rules, name)(to_jax(POINTS).astype("bfloat16"))
    assert_same(got, getattr(F, name)(half), rtol=1e-2, atol=1e-2)
    assert got.dtype == "bfloat16"


@pytest.mark.parametrize("weights", [(1,), (3,)])
def test_prelu(weights):
    x = torch.cat([normal(2, 3, 4), torch.zeros(1, 3, 4)])
    assert_agrees(rules.prelu, F.prelu, x, torch.linspace(0.1, 0.5, *weights))


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmin"])
def test_softmax(name):
    rule, function = getattr(rules, name), getattr(F, name)
    for dim in (0, 1, -1):
        assert_agrees(rule, function, normal(3, 4, 2) * 20, dim=dim)
    with pytest.warns(UserWarning, match="Implicit dimension"):
        for shape in [(5,), (3, 4), (3, 4, 2), (2, 3, 2, 2)]:
            assert_rule(rule, function, normal(*shape))
    got = rule(to_jax(torch.arange(4)), dim=0, dtype="float32")
    assert_same(got, function(torch.arange(4), dim=0, dtype=torch.float32))


def test_softmax_of_the_torch_namespace_takes_dtype_third():
    x = torch.arange(6).reshape(2, 3)
    for rule, function in [
        (rules.torch_softmax, torch.softmax),
        (rules.torch_log_softmax, torch.log_softmax),
    ]:
        assert_same(rule(to_jax(x), 1, "float32"), function(x, 1, torch.float32))
        assert_agrees(rule, function, normal(2, 3), 0)


def test_rrelu_uses_the_mean_slope_outside_training():
    assert_rule(lambda x: rules.rrelu(x, rngs=None), F.rrelu, POINTS)


def test_rrelu_draws_its_slopes_between_the_bounds():
    x = to_jax(-torch.ones(1000))
    slopes = -rules.rrelu(x, 0.2, 0.6, training=True, rngs=nnx.Rngs(0))
    assert 0.2 <= slopes.min() < 0.22
    assert 0.58 < slopes.max() <= 0.6


@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize("dim", [0, -1])
def test_gumbel_softmax(monkeypatch, hard, dim):
    x, noise = normal(3, 4), normal(3, 4, seed=1).exp()
    monkeypatch.setattr(jax.random, "exponential", lambda key, shape, dtype: to_jax(noise))
    monkeypatch.setattr(torch.Tensor, "exponential_", lambda self: noise)
    assert_agrees(
        lambda x: rules.gumbel_softmax(x, tau=0.7, hard=hard, dim=dim, rngs=nnx.Rngs(0)),
        lambda x: F.gumbel_softmax(x, tau=0.7, hard=hard, dim=dim),
        x,
    )
