"""rules/api: random numbers: shape, kind of dtype, support and moments, against torch."""

import jax.numpy as jnp
import numpy as np
import pytest
import torch
from flax import nnx
from rules.api import torch_random

from tests.rules.compare import to_jax

MANY = 20_000
LONG = torch.zeros(MANY)
RATES = torch.full((MANY,), 3.0)
HALF = torch.full((MANY,), 0.3)


def draw(rule, *args, **kwargs):
    return torch_random.__dict__[rule](*to_jax(list(args)), **kwargs, rngs=nnx.Rngs(0))


@pytest.mark.parametrize(
    ("rule", "function", "args", "kwargs"),
    [
        ("rand", torch.rand, (3, 2), {}),
        ("rand", torch.rand, ((3, 2),), {}),
        ("rand", torch.rand, (4,), {}),
        ("rand", torch.rand, (), {"size": (2, 5)}),
        ("randn", torch.randn, (3, 2), {}),
        ("randn", torch.randn, ([3, 2],), {}),
        ("randn", torch.randn, (), {"size": (2, 5)}),
        ("randint", torch.randint, (5, (3, 2)), {}),
        ("randint", torch.randint, (2, 5, (3, 2)), {}),
        ("randint", torch.randint, (), {"high": 5, "size": (4,)}),
        ("randint", torch.randint, (5,), {"size": (4,)}),
        ("randperm", torch.randperm, (7,), {}),
        ("rand_like", torch.rand_like, (LONG[:6].reshape(2, 3),), {}),
        ("randn_like", torch.randn_like, (LONG[:6].reshape(2, 3).bfloat16().float(),), {}),
        ("randint_like", torch.randint_like, (LONG[:6], 3), {}),
        ("randint_like", torch.randint_like, (torch.arange(6), 3, 9), {}),
        ("normal", torch.normal, (0.0, 1.0, (3, 2)), {}),
        ("normal", torch.normal, (LONG[:3], 2.0), {}),
        ("normal", torch.normal, (1.0, RATES[:3]), {}),
        ("normal", torch.normal, (LONG[:6].reshape(2, 3), RATES[:3]), {}),
        ("bernoulli", torch.bernoulli, (HALF[:6].reshape(2, 3),), {}),
        ("bernoulli", torch.bernoulli, (torch.arange(6), 0.5), {}),
        ("multinomial", torch.multinomial, (RATES[:6].reshape(2, 3), 1), {}),
        ("multinomial", torch.multinomial, (RATES[:6].reshape(2, 3), 2), {}),
        ("multinomial", torch.multinomial, (RATES[:6], 9, True), {}),
        ("poisson", torch.poisson, (RATES[:6].reshape(2, 3),), {}),
        ("binomial", torch.binomial, (RATES[:6], HALF[:6]), {}),
        ("normal_", torch.Tensor.normal_, (LONG[:6].reshape(2, 3),), {}),
        ("uniform_", torch.Tensor.uniform_, (LONG[:6].reshape(2, 3),), {}),
        ("bernoulli_", torch.Tensor.bernoulli_, (torch.arange(6),), {}),
        ("random_", torch.Tensor.random_, (torch.arange(6), 3), {}),
        ("exponential_", torch.Tensor.exponential_, (LONG[:6],), {}),
        ("geometric_", torch.Tensor.geometric_, (torch.arange(6), 0.3), {}),
        ("cauchy_", torch.Tensor.cauchy_, (LONG[:6],), {}),
        ("log_normal_", torch.Tensor.log_normal_, (LONG[:6],), {}),
    ],
)
def test_shape_and_kind(rule, function, args, kwargs):
    actual = draw(rule, *args, **kwargs)
    expected = function(*[a.clone() if torch.is_tensor(a) else a for a in args], **kwargs)
    assert actual.shape == expected.shape
    assert actual.dtype.kind == expected.numpy().dtype.kind


@pytest.mark.parametrize(
    ("rule", "args", "mean", "deviation"),
    [
        ("rand", (MANY,), 0.5, 12**-0.5),
        ("randn", (MANY,), 0.0, 1.0),
        ("rand_like", (LONG,), 0.5, 12**-0.5),
        ("randn_like", (LONG,), 0.0, 1.0),
        ("randint", (2, 5, (MANY,)), 3.0, (2 / 3) ** 0.5),
        ("randint_like", (LONG, 3), 1.0, (2 / 3) ** 0.5),
        ("normal", (2.0, 3.0, (MANY,)), 2.0, 3.0),
        ("normal", (1.0, RATES), 1.0, 3.0),
        ("normal_", (LONG, 2.0, 3.0), 2.0, 3.0),
        ("normal_", (LONG, 0.0, 0.02), 0.0, 0.02),
        ("uniform_", (LONG, -1.0, 5.0), 2.0, 3**0.5),
        ("bernoulli", (HALF,), 0.3, 0.21**0.5),
        ("bernoulli", (LONG, 0.3), 0.3, 0.21**0.5),
        ("bernoulli_", (LONG, 0.3), 0.3, 0.21**0.5),
        ("poisson", (RATES,), 3.0, 3**0.5),
        ("binomial", (RATES, HALF), 0.9, 0.63**0.5),
        ("random_", (LONG, 2, 5), 3.0, (2 / 3) ** 0.5),
        ("random_", (LONG, 3), 1.0, (2 / 3) ** 0.5),
        ("exponential_", (LONG, 2.0), 0.5, 0.5),
        ("geometric_", (LONG, 0.5), 2.0, 2**0.5),
    ],
)
def test_moments(rule, args, mean, deviation):
    sample = np.asarray(draw(rule, *args), np.float64)
    assert sample.shape == (MANY,)
    assert abs(sample.mean() - mean) < 5 * deviation / MANY**0.5
    assert abs(sample.std() / deviation - 1) < 0.05


def test_cauchy_and_log_normal_quantiles():
    quartiles = jnp.quantile(draw("cauchy_", LONG, 1.0, 2.0), jnp.array([0.25, 0.5, 0.75]))
    np.testing.assert_allclose(quartiles, [-1.0, 1.0, 3.0], atol=0.15)
    logs = jnp.log(draw("log_normal_", LONG, 0.5, 0.25))
    np.testing.assert_allclose([logs.mean(), logs.std()], [0.5, 0.25], atol=0.02)


def test_support():
    uniform = draw("uniform_", LONG, -1.0, 5.0)
    assert uniform.min() >= -1 and uniform.max() < 5
    assert set(np.asarray(draw("randint", 2, 5, (MANY,)))) == {2, 3, 4}
    assert set(np.asarray(draw("geometric_", LONG, 0.5))) >= {1, 2, 3}
    assert sorted(np.asarray(draw("randperm", 9))) == list(range(9))


@pytest.mark.parametrize("replacement", [True, False])
def test_multinomial(replacement):
    weights = torch.tensor([0.0, 1.0, 2.0, 5.0]).repeat(MANY, 1)
    drawn = np.asarray(draw("multinomial", weights, 3, replacement))
    assert drawn.shape == (MANY, 3) and drawn.min() == 1
    share = np.bincount(drawn[:, 0], minlength=4) / MANY
    np.testing.assert_allclose(share, [0, 0.125, 0.25, 0.625], atol=0.02)
    is_distinct = (np.diff(np.sort(drawn)) > 0).all()
    assert is_distinct != replacement


def test_two_draws_differ():
    rngs = nnx.Rngs(0)
    assert not jnp.array_equal(torch_random.rand(3, rngs=rngs), torch_random.rand(3, rngs=rngs))


def test_random_without_bounds_is_refused():
    with pytest.raises(NotImplementedError, match="bounds"):
        draw("random_", LONG)
