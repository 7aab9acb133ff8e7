"""rules/api: torch.distributions: what is drawn follows the distribution that PyTorch describes."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.stats
import torch
from flax import nnx

from tests.rules.compare import to_jax
from tests.rules.distributions import CASES, Case, rule

MANY = 20_000
THRICE = torch.tensor([0.7, 2.0, 5.0])

# Parameters with names of scipy's frozen distributions for each of the three batch entries.
CONTINUOUS = [
    (Case("Normal", {"loc": -THRICE, "scale": THRICE}, None), lambda p: scipy.stats.norm(-p, p)),
    (Case("LogNormal", {"loc": 0.0, "scale": THRICE}, None), lambda p: scipy.stats.lognorm(p)),
    (
        Case("HalfNormal", {"scale": THRICE}, None),
        lambda p: scipy.stats.halfnorm(scale=p),
    ),
    (
        Case("Uniform", {"low": -THRICE, "high": 2 * THRICE}, None),
        lambda p: scipy.stats.uniform(-p, 3 * p),
    ),
    (Case("Laplace", {"loc": 1.0, "scale": THRICE}, None), lambda p: scipy.stats.laplace(1, p)),
    (Case("Cauchy", {"loc": 1.0, "scale": THRICE}, None), lambda p: scipy.stats.cauchy(1, p)),
    (Case("HalfCauchy", {"scale": THRICE}, None), lambda p: scipy.stats.halfcauchy(scale=p)),
    (Case("Gumbel", {"loc": 1.0, "scale": THRICE}, None), lambda p: scipy.stats.gumbel_r(1, p)),
    (
        Case("Gamma", {"concentration": THRICE, "rate": 2.0}, None),
        lambda p: scipy.stats.gamma(p, scale=0.5),
    ),
    (Case("Chi2", {"df": THRICE}, None), lambda p: scipy.stats.chi2(p)),
    (
        Case("InverseGamma", {"concentration": THRICE, "rate": 2.0}, None),
        lambda p: scipy.stats.invgamma(p, scale=2),
    ),
    (
        Case("Beta", {"concentration1": THRICE, "concentration0": 2.0}, None),
        lambda p: scipy.stats.beta(p, 2),
    ),
    (Case("Exponential", {"rate": THRICE}, None), lambda p: scipy.stats.expon(scale=1 / p)),
    (
        Case("Pareto", {"scale": 2.0, "alpha": THRICE}, None),
        lambda p: scipy.stats.pareto(p, scale=2),
    ),
    (
        Case("Weibull", {"scale": 2.0, "concentration": THRICE}, None),
        lambda p: scipy.stats.weibull_min(p, scale=2),
    ),
    (
        Case("StudentT", {"df": THRICE, "loc": 1.0, "scale": 2.0}, None),
        lambda p: scipy.stats.t(p, 1, 2),
    ),
    (Case("FisherSnedecor", {"df1": 3.0, "df2": THRICE}, None), lambda p: scipy.stats.f(3, p)),
    (
        Case("VonMises", {"loc": 0.0, "concentration": THRICE}, None),
        lambda p: scipy.stats.vonmises(p),
    ),
]


ONE_EACH = list({case.name: case for case in CASES}.values())
_BY_SHAPE = {case.name for case, _ in CONTINUOUS}
_BY_FREQUENCY = {"Categorical", "RelaxedBernoulli", "RelaxedOneHotCategorical"}
BY_MOMENTS = [case for case in ONE_EACH if case.name not in _BY_SHAPE | _BY_FREQUENCY]


def draw(case: Case, shape=(), method="sample"):
    return jax.jit(lambda: getattr(case.jax(), method)(shape, rngs=nnx.Rngs(0)))()


@pytest.mark.parametrize(
    ("case", "reference"), CONTINUOUS, ids=lambda value: None if callable(value) else str(value)
)
def test_continuous(case, reference):
    draws = np.asarray(draw(case, (MANY,)), np.float64)
    assert draws.shape == (MANY, 3)
    for column, parameter in zip(draws.T, THRICE.tolist(), strict=True):
        assert scipy.stats.kstest(column, reference(parameter).cdf).pvalue > 1e-3


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("shape", [(), (4,), (2, 5)])
def test_shape_and_dtype(case, shape):
    expected = case.torch().sample(shape)
    actual = jax.eval_shape(lambda: draw(case, shape))
    assert actual.shape == expected.shape
    assert actual.dtype.kind == expected.numpy().dtype.kind


@pytest.mark.parametrize("case", BY_MOMENTS, ids=str)
def test_moments(case):
    draws = np.asarray(draw(case, (MANY,)), np.float64)
    assert np.isfinite(draws).all()
    mean, deviation = case.torch().mean.numpy(), case.torch().variance.numpy() ** 0.5
    error = np.abs(draws.mean(0) - mean) * MANY**0.5
    assert (error <= 5 * deviation + 1e-5).all()
    np.testing.assert_allclose(draws.std(0), deviation, rtol=0.1, atol=1e-6)


@pytest.mark.parametrize("name", ["Categorical", "RelaxedOneHotCategorical"])
def test_frequencies(name):
    weights = torch.tensor([0.0, 1.0, 2.0, 5.0])
    extra = {"temperature": torch.tensor(0.5)} if "Relaxed" in name else {}
    draws = draw(Case(name, {**extra, "probs": weights}, None), (MANY,))
    chosen = np.asarray(draws.argmax(-1) if extra else draws)
    share = np.bincount(chosen, minlength=4) / MANY
    np.testing.assert_allclose(share, [0, 0.125, 0.25, 0.625], atol=0.02)


def test_relaxed_bernoulli_is_above_one_half_as_often_as_bernoulli_is_one():
    case = Case("RelaxedBernoulli", {"temperature": 0.5, "probs": torch.tensor([0.2, 0.7])}, None)
    above = (draw(case, (MANY,)) > 0.5).mean(0)
    np.testing.assert_allclose(above, [0.2, 0.7], atol=0.02)


def test_covariance():
    for case in CASES:
        if "Multivariate" in case.name:
            draws = np.asarray(draw(case, (MANY,)), np.float64)
            for batch, expected in enumerate(case.torch().covariance_matrix.numpy()):
                np.testing.assert_allclose(np.cov(draws[:, batch].T), expected, atol=0.4)


@pytest.mark.parametrize("case", [case for case in ONE_EACH if case.torch().has_rsample], ids=str)
def test_gradient_of_samples(case):
    """The gradient of a mean is the mean of the gradients, and `sample` has none."""

    def total(method):
        def function(distribution):
            return getattr(distribution, method)((8,), rngs=nnx.Rngs(0)).sum()

        return jax.grad(function, allow_int=True)(case.jax())

    parts = [np.abs(part).sum() for part in jax.tree.leaves(total("rsample")) if part.size]
    assert all(np.isfinite(part) for part in parts)
    simplex = case.name in ("Dirichlet", "RelaxedOneHotCategorical")
    assert sum(parts) > 0 or simplex or "StraightThrough" in case.name
    if case.name != "OneHotCategoricalStraightThrough":
        assert all((part == 0).all() for part in jax.tree.leaves(total("sample")))


@pytest.mark.parametrize(
    "case", [case for case in ONE_EACH if not case.torch().has_rsample], ids=str
)
def test_no_differentiable_samples(case):
    assert not case.jax().has_rsample
    with pytest.raises(NotImplementedError, match="no differentiable samples"):
        draw(case, method="rsample")


def test_straight_through_gradient_is_that_of_the_probabilities():
    logits, weights = torch.tensor([0.2, -1.0, 0.7]), torch.tensor([1.0, 2.0, 4.0])
    kind = rule("OneHotCategoricalStraightThrough")

    def total(logits):
        return (kind(logits=logits).rsample(rngs=nnx.Rngs(0)) * to_jax(weights)).sum()

    tensor = logits.clone().requires_grad_()
    (torch.softmax(tensor, -1) * weights).sum().backward()
    np.testing.assert_allclose(jax.grad(total)(to_jax(logits)), tensor.grad, rtol=1e-5)


def test_two_draws_differ():
    rngs = nnx.Rngs(0)
    distribution = rule("Normal")(jnp.zeros(3), 1.0)
    first, second = distribution.sample(rngs=rngs), distribution.sample(rngs=rngs)
    assert not jnp.array_equal(first, second)
