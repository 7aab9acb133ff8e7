"""rules/api: torch.distributions: densities, moments, entropies, shapes and gradients."""

from __future__ import annotations

import jax
import numpy as np
import pytest
import torch

from tests.rules.compare import assert_same, to_jax
from tests.rules.distributions import CASES, PROBS, UNIT, Case, leaves
from tests.rules.gradients import assert_gradient

ATTRIBUTES = ["mean", "variance", "stddev", "mode", "probs", "logits", "loc", "scale", "rate"]
ATTRIBUTES += ["concentration", "df", "covariance_matrix", "precision_matrix", "scale_tril"]
each = pytest.mark.parametrize("case", CASES, ids=str)


def torch_has(case: Case, attribute: str) -> bool:
    """Whether PyTorch's distribution has an attribute, and can compute it."""
    try:
        getattr(case.torch(), attribute)
    except (AttributeError, NotImplementedError):
        return False
    return True


@each
def test_log_prob(case):
    assert_same(
        case.jax().log_prob(to_jax(case.value)), case.torch().log_prob(case.value), rtol=1e-4
    )


@each
def test_attributes(case):
    actual, expected = case.jax(), case.torch()
    for attribute in ATTRIBUTES:
        if torch_has(case, attribute):
            wanted = getattr(expected, attribute)
            assert_same(getattr(actual, attribute), wanted, rtol=2e-4, atol=2e-5)


@each
def test_shapes(case):
    torch.manual_seed(0)
    expected, actual = case.torch(), case.jax()
    assert actual.batch_shape == expected.batch_shape
    assert actual.event_shape == expected.event_shape
    wider = expected.expand((4, *expected.batch_shape))
    expanded = actual.expand((4, *actual.batch_shape))
    assert (expanded.batch_shape, expanded.event_shape) == (wider.batch_shape, wider.event_shape)
    value = expected.sample()
    assert_same(expanded.log_prob(to_jax(value)), wider.log_prob(value), rtol=1e-4)


def computed(case: Case, method: str, *args):
    """What a method of PyTorch's gives, or None if there is no such method."""
    try:
        return getattr(case.torch(), method)(*args)
    except (AttributeError, NotImplementedError):
        return None


@each
def test_entropy_and_distribution_functions(case):
    entropy = computed(case, "entropy")
    if entropy is not None:
        assert_same(case.jax().entropy(), entropy, rtol=1e-4, atol=1e-5)
        assert_same(case.jax().perplexity(), case.torch().perplexity(), rtol=1e-4, atol=1e-5)
    below = computed(case, "cdf", case.value) if hasattr(case.jax(), "cdf") else None
    if below is not None:
        assert_same(case.jax().cdf(to_jax(case.value)), below, rtol=1e-4, atol=1e-6)
    quantile = computed(case, "icdf", UNIT) if case.value.shape == UNIT.shape else None
    if quantile is not None:
        assert_same(case.jax().icdf(to_jax(UNIT)), quantile, rtol=2e-4, atol=1e-5)


def has_gradient(case):
    """Whether there is a parameter to differentiate by, and none at the end of its range."""
    return bool(leaves(case)) and 0 not in case.parameters.get("probs", PROBS)


@pytest.mark.parametrize("case", [case for case in CASES if has_gradient(case)], ids=str)
def test_gradient_of_the_density(case):
    tensors = leaves(case)
    is_discrete = not case.torch().has_rsample and case.name != "VonMises"
    value = [] if is_discrete or "StraightThrough" in case.name else [case.value]

    def density(make):
        def log_prob(*args):
            parameters = dict(zip(tensors, args, strict=False))
            at = args[-1] if value else case.value
            at = at if value or make == case.torch else to_jax(at)
            return make(**parameters).log_prob(at)

        return log_prob

    rule, function = density(case.jax), density(case.torch)
    assert_gradient(rule, function, *tensors.values(), *value, rtol=1e-3, atol=1e-4)


@each
def test_distributions_pass_through_transformations(case):
    distribution, value = case.jax(), to_jax(case.value)
    plain = distribution.log_prob(value)
    np.testing.assert_allclose(
        jax.jit(lambda d: d)(distribution).log_prob(value), plain, rtol=1e-5, atol=1e-6
    )
    copies = distribution.expand((2, *distribution.batch_shape))
    if "Relaxed" not in case.name:
        mapped = jax.vmap(lambda d: d.log_prob(value))(copies)
        np.testing.assert_allclose(mapped, [plain, plain], rtol=1e-5, atol=1e-6)


@each
def test_divergence(case):
    other = Case(case.name, {}, None)
    changed = {
        name: value.flip(-1) if name != "precision_matrix" else 2 * value
        for name, value in leaves(case).items()
        if name not in ("covariance_matrix", "scale_tril", "temperature", "total_count")
    }
    other = Case(case.name, {**case.parameters, **changed}, case.value)
    try:
        expected = torch.distributions.kl_divergence(case.torch(), other.torch())
    except NotImplementedError:
        with pytest.raises(NotImplementedError, match="no closed form"):
            case.jax().kl_divergence(other.jax())
    else:
        assert_same(case.jax().kl_divergence(other.jax()), expected, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("name", ["Bernoulli", "Binomial", "Categorical", "OneHotCategorical"])
@pytest.mark.parametrize("expand", [True, False])
def test_enumerate_support(name, expand):
    case = next(case for case in CASES if case.name == name)
    expected = case.torch().enumerate_support(expand)
    assert_same(case.jax().enumerate_support(expand), expected)


def test_unequal_numbers_of_trials_have_no_common_support():
    case = next(c for c in CASES if c.name == "Binomial" and "logits" in c.parameters)
    with pytest.raises(NotImplementedError, match="number of trials"):
        case.jax().entropy()
