"""rules/api: special functions that are computed here, against SciPy in double precision."""

import jax.numpy as jnp
import numpy as np
import pytest
import scipy.special
import torch
from rules.api import torch_special, torch_special_bessel, torch_special_polynomials

from tests.rules.compare import assert_rule
from tests.rules.gradients import assert_gradient

# On both sides of where the integrals give way to the asymptotic series.
REAL = np.concatenate([np.linspace(-40, 40, 161), np.logspace(-20, -1, 20)]).astype("float32")
POSITIVE = REAL[REAL > 0]

OF_THE_FIRST_KIND = {"bessel_j0": scipy.special.j0, "bessel_j1": scipy.special.j1}
OF_POSITIVES = {
    "bessel_y0": scipy.special.y0,
    "bessel_y1": scipy.special.y1,
    "modified_bessel_k0": scipy.special.k0,
    "modified_bessel_k1": scipy.special.k1,
    "scaled_modified_bessel_k0": scipy.special.k0e,
    "scaled_modified_bessel_k1": scipy.special.k1e,
}


@pytest.mark.parametrize("name", OF_THE_FIRST_KIND)
def test_bessel_functions_everywhere(name):
    actual = getattr(torch_special_bessel, name)(jnp.asarray(REAL))
    wanted = OF_THE_FIRST_KIND[name](REAL.astype(float))
    np.testing.assert_allclose(actual, wanted, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", OF_POSITIVES)
def test_bessel_functions_of_positive_numbers(name):
    rule = getattr(torch_special_bessel, name)
    wanted = OF_POSITIVES[name](POSITIVE.astype(float))
    np.testing.assert_allclose(rule(jnp.asarray(POSITIVE)), wanted, rtol=1e-5, atol=1e-6)
    edges = torch.tensor([0.0, -0.5])
    assert_rule(rule, getattr(torch.special, name), edges)


def test_airy_function():
    actual = torch_special_bessel.airy_ai(jnp.asarray(REAL[:-20]))
    wanted = scipy.special.airy(REAL[:-20].astype(float))[0]
    np.testing.assert_allclose(actual, wanted, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("order", [1, 2, 5])
def test_polygamma_left_of_minus_nine(order):
    x = torch.tensor([-20.3, -9.4, -2.4, 0.7, 4.0])
    assert_rule(torch_special.polygamma, torch.polygamma, order, x)
    assert_gradient(lambda y: torch_special.polygamma(order, y), lambda y: y.polygamma(order), x)


@pytest.mark.parametrize(
    "name", [name for name in dir(torch_special_polynomials) if "polynomial_" in name]
)
def test_polynomials_of_every_degree(name):
    x = torch.linspace(-1.5, 1.5, 7)[:, None]
    degree = torch.tensor([-1.0, 0.0, 1.0, 2.9, 7.0])
    rule, function = getattr(torch_special_polynomials, name), getattr(torch.special, name)
    assert_rule(rule, function, x, degree)
    assert_rule(rule, function, x, 4)
