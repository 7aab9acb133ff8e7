"""rules/api: torch.distributions: distributions made from others, and transforms."""

from __future__ import annotations

import jax
import numpy as np
import pytest
import scipy.stats
import torch
import torch.distributions as td
from flax import nnx

from tests.rules.compare import assert_same, to_jax
from tests.rules.distributions import FACTOR, LOC, SCALE, VALUE, positive, rule
from tests.rules.functional import normal, uniform
from tests.rules.gradients import assert_gradient


class Torch:
    """PyTorch's classes, as a namespace like `Jax`."""

    def __getattr__(self, name):
        return getattr(td, name)

    array = staticmethod(lambda tensor: tensor)


class Jax:
    """The rules' classes, and tensors as arrays."""

    def __getattr__(self, name):
        return rule(name)

    array = staticmethod(to_jax)


WEIGHTS = positive(2, 3, seed=6)


def independent(m, count=1):
    return m.Independent(m.Normal(m.array(LOC), m.array(SCALE)), count)


def mixture(m):
    return m.MixtureSameFamily(
        m.Categorical(m.array(WEIGHTS)), m.Normal(m.array(LOC), m.array(SCALE))
    )


def vector_mixture(m):
    parts = m.Independent(m.Normal(m.array(normal(3, 2)), m.array(positive(3, 2))), 1)
    return m.MixtureSameFamily(m.Categorical(logits=m.array(normal(3))), parts)


def squashed(m):
    base = m.Normal(m.array(LOC), m.array(SCALE))
    return m.TransformedDistribution(base, [m.TanhTransform(), m.AffineTransform(0.5, -2.0)])


def squashed_vectors(m):
    base = m.Independent(m.Normal(m.array(LOC), m.array(SCALE)), 1)
    return m.TransformedDistribution(base, m.SigmoidTransform())


def moved_vectors(m):
    base = m.MultivariateNormal(m.array(LOC), scale_tril=m.array(FACTOR))
    return m.TransformedDistribution(base, [m.AffineTransform(1.0, m.array(SCALE), event_dim=1)])


def grouped(m):
    base = m.Normal(m.array(LOC), m.array(SCALE))
    transform = m.IndependentTransform(m.ComposeTransform([m.ExpTransform()]), 1)
    return m.TransformedDistribution(base, [transform])


UNIT = uniform(5, 2, 3, seed=3)
MADE = [
    (independent, VALUE),
    (lambda m: independent(m, 2), VALUE),
    (lambda m: independent(m, 0), VALUE),
    (mixture, VALUE[..., 0]),
    (vector_mixture, VALUE[..., :2]),
    (squashed, 3.8 * UNIT - 1.4),
    (squashed_vectors, UNIT),
    (moved_vectors, VALUE),
    (grouped, positive(5, 2, 3)),
]
each = pytest.mark.parametrize(("make", "value"), MADE)


@each
def test_density_and_shapes(make, value):
    actual, expected = make(Jax()), make(Torch())
    assert_same(actual.log_prob(to_jax(value)), expected.log_prob(value), rtol=1e-4, atol=1e-5)
    assert actual.batch_shape == expected.batch_shape
    assert actual.event_shape == expected.event_shape
    assert actual.has_rsample == expected.has_rsample
    sample = actual.sample((7,), rngs=nnx.Rngs(0))
    assert sample.shape == expected.sample((7,)).shape
    wide, wider = (d.expand((4, *expected.batch_shape)) for d in (actual, expected))
    assert (wide.batch_shape, wide.event_shape) == (wider.batch_shape, wider.event_shape)
    value = expected.sample()
    assert_same(wide.log_prob(to_jax(value)), wider.log_prob(value), rtol=1e-3, atol=1e-4)


@each
def test_gradient(make, value):
    assert_gradient(
        lambda x: make(Jax()).log_prob(x), lambda x: make(Torch()).log_prob(x), value, rtol=1e-3
    )


@each
def test_jit(make, value):
    returned = jax.jit(lambda: make(Jax()))()
    expected = make(Torch()).log_prob(value)
    assert_same(returned.log_prob(to_jax(value)), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("make", [independent, mixture, vector_mixture])
def test_moments(make):
    actual, expected = make(Jax()), make(Torch())
    assert_same(actual.mean, expected.mean, rtol=1e-4)
    assert_same(actual.variance, expected.variance, rtol=1e-4)


def test_entropy_and_divergence_of_independent():
    assert_same(independent(Jax()).entropy(), independent(Torch()).entropy())

    def other(m):
        return m.Independent(m.Normal(m.array(LOC.flip(0)), 2.0 * m.array(SCALE)), 1)

    expected = td.kl_divergence(independent(Torch()), other(Torch()))
    assert_same(rule("kl_divergence")(independent(Jax()), other(Jax())), expected, rtol=1e-4)


def test_divergence_of_normal_distributions_with_low_rank():
    factor, diagonal = normal(2, 3, 2, seed=9), SCALE.expand(2, 3)

    def low_rank(m):
        arrays = map(m.array, (LOC, factor, diagonal))
        return m.LowRankMultivariateNormal(*arrays)

    def full(m):
        return m.MultivariateNormal(m.array(-LOC), scale_tril=m.array(FACTOR))

    for one, two in ((low_rank, full), (full, low_rank)):
        expected = td.kl_divergence(one(Torch()), two(Torch()))
        assert_same(one(Jax()).kl_divergence(two(Jax())), expected, rtol=1e-4)


def test_divergence_of_different_families_is_refused():
    one, two = rule("Normal")(0.0, 1.0), rule("Laplace")(0.0, 1.0)
    with pytest.raises(NotImplementedError, match="Normal and Laplace"):
        one.kl_divergence(two)


@pytest.mark.parametrize("make", [mixture, squashed])
def test_distribution_function(make):
    value = dict(MADE)[make]
    expected = make(Torch()).cdf(value)
    assert_same(make(Jax()).cdf(to_jax(value)), expected, rtol=1e-4, atol=1e-5)


def test_inverse_distribution_function():
    assert_same(squashed(Jax()).icdf(to_jax(UNIT)), squashed(Torch()).icdf(UNIT), rtol=1e-4)


def test_draws_of_a_mixture():
    weights, means = torch.tensor([0.25, 0.75]), torch.tensor([-2.0, 3.0])

    def make(m):
        return m.MixtureSameFamily(m.Categorical(m.array(weights)), m.Normal(m.array(means), 1.0))

    draws = np.asarray(make(Jax()).sample((20_000,), rngs=nnx.Rngs(0)))
    assert (
        scipy.stats.kstest(draws, lambda x: make(Torch()).cdf(torch.tensor(x)).numpy()).pvalue
        > 1e-3
    )


def test_draws_of_a_transformed_distribution():
    draws = squashed(Jax()).rsample((20_000,), rngs=nnx.Rngs(0))
    expected = squashed(Torch())
    for row in range(2):
        for column in range(3):
            sample = np.asarray(draws[:, row, column])

            def below(x, place=(row, column)):
                x = torch.tensor(x).reshape(-1, 1, 1).expand(-1, 2, 3)
                return expected.cdf(x)[:, *place].numpy()

            assert scipy.stats.kstest(sample, below).pvalue > 1e-3


TRANSFORMS = [
    (lambda m: m.AffineTransform(m.array(LOC), m.array(-SCALE)), VALUE),
    (lambda m: m.AffineTransform(1.0, m.array(SCALE), event_dim=1), VALUE),
    (lambda m: m.ExpTransform(), VALUE),
    (lambda m: m.PowerTransform(m.array(torch.tensor(2.5))), positive(5, 2, 3)),
    (lambda m: m.SigmoidTransform(), VALUE),
    (lambda m: m.TanhTransform(), VALUE),
    (lambda m: m.SoftplusTransform(), VALUE),
    (lambda m: m.ComposeTransform([m.AffineTransform(1.0, 2.0), m.TanhTransform()]), VALUE),
    (lambda m: m.ComposeTransform([m.TanhTransform().inv, m.ExpTransform()]), UNIT),
    (lambda m: m.IndependentTransform(m.ExpTransform(), 2), VALUE),
    (lambda m: m.ExpTransform().inv, positive(5, 2, 3)),
]


@pytest.mark.parametrize(("make", "x"), TRANSFORMS)
def test_transforms(make, x):
    actual, expected = make(Jax()), make(Torch())
    y = expected(x)
    assert_same(actual(to_jax(x)), y, rtol=1e-4)
    assert_same(actual.inv(to_jax(y)), expected.inv(y), rtol=1e-3, atol=1e-4)
    slope = expected.log_abs_det_jacobian(x, y)
    assert_same(actual.log_abs_det_jacobian(to_jax(x), to_jax(y)), slope, rtol=1e-4, atol=1e-5)
    assert_same(jax.numpy.asarray(actual.sign, float), torch.as_tensor(expected.sign).float())
