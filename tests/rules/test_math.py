"""Elementwise arithmetic, rounding and transcendental functions: values, dtypes and gradients."""

from __future__ import annotations

import math

import jax.numpy as jnp
import pytest
import torch
from rules.api import (
    torch_complex,
    torch_math,
    torch_rounding,
    torch_special,
    torch_transcendental,
)

from tests.rules.compare import assert_rule
from tests.rules.gradients import assert_gradient

ANY = torch.tensor([[-2.5, -1.0, -0.3, 0.7], [1.0, 1.5, 2.5, 3.2]])
OTHER = torch.tensor([0.5, -1.5, 2.0, -0.8])
POSITIVE = torch.tensor([0.1, 0.5, 1.0, 2.3, 7.0])
UNIT = torch.tensor([-0.9, -0.5, 0.0, 0.2, 0.8])
PROBABILITY = torch.tensor([0.05, 0.3, 0.5, 0.99])
ABOVE_ONE = torch.tensor([1.2, 2.0, 5.5])
SPECIAL = torch.tensor([math.nan, math.inf, -math.inf, 0.0, -0.0, 1e30, -1e-30])
INTEGERS = torch.tensor([-7, -2, 0, 1, 5])
DIVISORS = torch.tensor([2, 3, -4, 5, -3])
NUMBERS = torch.tensor([1 + 2j, -3 + 0.5j, 0.1 - 4j])

SMOOTH = [
    (torch_math.square, torch.square, ANY),
    (torch_math.sqrt, torch.sqrt, POSITIVE),
    (torch_math.rsqrt, torch.rsqrt, POSITIVE),
    (torch_math.reciprocal, torch.reciprocal, ANY),
    (torch_math.neg, torch.neg, ANY),
    (torch_math.positive, torch.positive, ANY),
    (torch_math.abs, torch.abs, ANY),
    (torch_math.sign, torch.sign, ANY),
    (torch_math.frac, torch.frac, ANY),
    (torch_rounding.floor, torch.floor, ANY),
    (torch_rounding.ceil, torch.ceil, ANY),
    (torch_rounding.trunc, torch.trunc, ANY),
    (torch_rounding.round, torch.round, ANY),
    (torch_rounding.nan_to_num, torch.nan_to_num, ANY),
    (torch_transcendental.exp, torch.exp, ANY),
    (torch_transcendental.exp2, torch.exp2, ANY),
    (torch_transcendental.expm1, torch.expm1, ANY),
    (torch_transcendental.log, torch.log, POSITIVE),
    (torch_transcendental.log2, torch.log2, POSITIVE),
    (torch_transcendental.log10, torch.log10, POSITIVE),
    (torch_transcendental.log1p, torch.log1p, POSITIVE),
    (torch_transcendental.sigmoid, torch.sigmoid, ANY),
    (torch_transcendental.logit, torch.logit, PROBABILITY),
    (torch_transcendental.sin, torch.sin, ANY),
    (torch_transcendental.cos, torch.cos, ANY),
    (torch_transcendental.tan, torch.tan, ANY),
    (torch_transcendental.asin, torch.asin, UNIT),
    (torch_transcendental.acos, torch.acos, UNIT),
    (torch_transcendental.atan, torch.atan, ANY),
    (torch_transcendental.sinh, torch.sinh, ANY),
    (torch_transcendental.cosh, torch.cosh, ANY),
    (torch_transcendental.tanh, torch.tanh, ANY),
    (torch_transcendental.asinh, torch.asinh, ANY),
    (torch_transcendental.acosh, torch.acosh, ABOVE_ONE),
    (torch_transcendental.atanh, torch.atanh, UNIT),
    (torch_transcendental.sinc, torch.sinc, UNIT),
    (torch_transcendental.deg2rad, torch.deg2rad, ANY),
    (torch_transcendental.rad2deg, torch.rad2deg, ANY),
    (torch_complex.angle, torch.angle, ANY),
    (torch_special.erf, torch.erf, ANY),
    (torch_special.erfc, torch.erfc, ANY),
    (torch_special.erfcx, torch.special.erfcx, ANY),
    (torch_special.erfinv, torch.erfinv, UNIT),
    (torch_special.lgamma, torch.lgamma, POSITIVE),
    (torch_special.digamma, torch.digamma, POSITIVE),
    (torch_special.i0, torch.i0, ANY),
    (torch_special.i0e, torch.special.i0e, ANY),
    (torch_special.i1, torch.special.i1, ANY),
    (torch_special.i1e, torch.special.i1e, ANY),
    (torch_special.entr, torch.special.entr, POSITIVE),
    (torch_special.ndtr, torch.special.ndtr, ANY),
    (torch_special.log_ndtr, torch.special.log_ndtr, ANY),
    (torch_special.ndtri, torch.special.ndtri, PROBABILITY),
]
UNARY_OF_INTEGERS = [
    row
    for row in SMOOTH
    if row[1]
    in (
        torch.square,
        torch.neg,
        torch.positive,
        torch.abs,
        torch.sign,
        torch.floor,
        torch.ceil,
        torch.trunc,
        torch.round,
        torch.exp,
        torch.exp2,
        torch.sin,
        torch.cos,
        torch.tanh,
        torch.atan,
        torch.reciprocal,
        torch.erf,
        torch.deg2rad,
        torch.nan_to_num,
    )
]
# Left out: periodic functions of 1e30, and where JAX deliberately differs (sign of NaN, angle of
# -0.0, digamma at its pole).
EDGES = [
    row
    for row in SMOOTH
    if row[1]
    not in (torch.sin, torch.cos, torch.tan, torch.sinc, torch.sign, torch.angle, torch.digamma)
    and not row[1].__name__.startswith("special_")
]
BINARY = [
    (torch_math.add, torch.add, {}),
    (torch_math.add, torch.add, {"alpha": 2}),
    (torch_math.sub, torch.sub, {}),
    (torch_math.sub, torch.sub, {"alpha": 0.5}),
    (torch_math.rsub, torch.rsub, {"alpha": 3}),
    (torch_math.mul, torch.mul, {}),
    (torch_math.div, torch.div, {}),
    (torch_math.div, torch.div, {"rounding_mode": "floor"}),
    (torch_math.div, torch.div, {"rounding_mode": "trunc"}),
    (torch_math.true_divide, torch.true_divide, {}),
    (torch_math.floor_divide, torch.floor_divide, {}),
    (torch_math.remainder, torch.remainder, {}),
    (torch_math.fmod, torch.fmod, {}),
    (torch_math.copysign, torch.copysign, {}),
    (torch_math.hypot, torch.hypot, {}),
    (torch_transcendental.atan2, torch.atan2, {}),
    (torch_transcendental.logaddexp, torch.logaddexp, {}),
    (torch_transcendental.logaddexp2, torch.logaddexp2, {}),
]


def name(row: object) -> str:
    """A readable test id."""
    return getattr(row, "__name__", "") if callable(row) else ""


@pytest.mark.parametrize(("rule", "function", "x"), SMOOTH, ids=name)
def test_unary_values(rule, function, x):
    assert_rule(rule, function, x)


@pytest.mark.parametrize(("rule", "function", "x"), SMOOTH, ids=name)
def test_unary_gradients(rule, function, x):
    assert_gradient(rule, function, x)


@pytest.mark.parametrize(("rule", "function", "_"), EDGES, ids=name)
def test_unary_special_values(rule, function, _):
    assert_rule(rule, function, SPECIAL)


@pytest.mark.parametrize(("rule", "function", "_"), UNARY_OF_INTEGERS, ids=name)
def test_unary_of_integers(rule, function, _):
    assert_rule(rule, function, INTEGERS)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize(
    ("rule", "function"),
    [(torch_transcendental.tanh, torch.tanh), (torch_math.square, torch.square)],
    ids=name,
)
def test_half_precision_stays(rule, function, dtype):
    half = str(function(ANY.to(dtype)).dtype).removeprefix("torch.")
    assert rule(jnp.asarray(ANY.numpy(), dtype=half)).dtype == half


@pytest.mark.parametrize(("rule", "function", "options"), BINARY, ids=name)
def test_binary_values_and_gradients(rule, function, options):
    assert_rule(rule, function, ANY, OTHER, **options)
    assert_rule(rule, function, ANY, OTHER, jit=not options, **options)
    if function is not torch.floor_divide:  # PyTorch does not differentiate it
        assert_gradient(rule, function, ANY, OTHER, **options)


@pytest.mark.parametrize(
    ("rule", "function", "options"),
    [row for row in BINARY if row[1] not in (torch.hypot, torch.logaddexp, torch.logaddexp2)],
    ids=name,
)
def test_binary_of_integers(rule, function, options):
    options = {key: 2 if key == "alpha" else value for key, value in options.items()}
    assert_rule(rule, function, INTEGERS, DIVISORS, **options)


@pytest.mark.parametrize(
    ("rule", "function"),
    [
        (torch_math.add, torch.add),
        (torch_math.mul, torch.mul),
        (torch_math.div, torch.div),
        (torch_math.floor_divide, torch.floor_divide),
        (torch_math.remainder, torch.remainder),
        (torch_math.fmod, torch.fmod),
        (torch_math.pow, torch.pow),
    ],
    ids=name,
)
@pytest.mark.parametrize("scalar", [2, 2.5])
@pytest.mark.parametrize("x", [POSITIVE, INTEGERS], ids=["float", "int"])
def test_promotion_with_python_numbers(rule, function, scalar, x):
    assert_rule(rule, function, x, scalar)


@pytest.mark.parametrize(
    ("rule", "function"),
    [(torch_math.add, torch.add), (torch_math.mul, torch.mul), (torch_math.div, torch.div)],
    ids=name,
)
@pytest.mark.parametrize("other", [INTEGERS, POSITIVE, INTEGERS > 0], ids=["int", "float", "bool"])
@pytest.mark.parametrize("x", [INTEGERS > 0, INTEGERS], ids=["bool", "int"])
def test_promotion_between_tensors(rule, function, x, other):
    assert_rule(rule, function, x, other)


def test_integer_division_is_exact_beyond_float32():
    x = torch.tensor([16777217, -16777217, 2147483647])
    assert_rule(torch_math.div, torch.div, x, 1, rounding_mode="trunc")
    assert_rule(torch_math.div, torch.div, x, torch.tensor(-3), rounding_mode="trunc")
    assert_rule(torch_math.div, torch.div, x, -3, rounding_mode="floor")


@pytest.mark.parametrize("rounding_mode", [None, "floor", "trunc"])
def test_division_by_zero(rounding_mode):
    x, zero = torch.tensor([1.0, -1.0, 0.0]), torch.zeros(3)
    assert_rule(torch_math.div, torch.div, x, zero, rounding_mode=rounding_mode)


@pytest.mark.parametrize(
    "exponent", [0, 1, 2, 3, -1, 0.5, -0.5, torch.tensor([0.5, 2.0, 3.0, 0.0])]
)
def test_pow(exponent):
    x = POSITIVE[:4]
    assert_rule(torch_math.pow, torch.pow, x, exponent)
    assert_gradient(torch_math.pow, torch.pow, x, exponent)


def test_pow_of_number_and_gradient_at_zero():
    assert_rule(torch_math.pow, torch.pow, 2, ANY)
    assert_rule(torch_math.float_power, torch.float_power, INTEGERS, 2)
    for exponent in (0, 1, 2, 0.5):
        assert_gradient(torch_math.pow, torch.pow, torch.zeros(2), exponent)


@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0, torch.tensor([0.1, 0.9, -1.0, 2.0])])
def test_lerp(weight):
    assert_rule(torch_math.lerp, torch.lerp, ANY, OTHER, weight)
    assert_gradient(torch_math.lerp, torch.lerp, ANY, OTHER, weight)


@pytest.mark.parametrize("options", [{}, {"value": -0.5}])
@pytest.mark.parametrize("pair", ["addcmul", "addcdiv"])
def test_addc(pair, options):
    rule, function = getattr(torch_math, pair), getattr(torch, pair)
    assert_rule(rule, function, ANY, OTHER, ANY, **options)
    assert_gradient(rule, function, ANY, OTHER, ANY, **options)


def test_integer_functions():
    for rule, function in ((torch_math.gcd, torch.gcd), (torch_math.lcm, torch.lcm)):
        assert_rule(rule, function, INTEGERS * 6, DIVISORS * 4)
        assert_rule(rule, function, INTEGERS, torch.zeros(5, dtype=torch.int64))


def test_exponents():
    assert_rule(torch_math.ldexp, torch.ldexp, ANY, torch.tensor([-3, 0, 4, 10]))
    assert_rule(torch_math.frexp, torch.frexp, torch.tensor([0.0, 1.0, -3.5, 1024.0, 0.3]))
    assert_rule(torch_math.nextafter, torch.nextafter, ANY, OTHER)


def test_round_to_decimals_and_ties():
    ties = torch.tensor([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])
    assert_rule(torch_rounding.round, torch.round, ties)
    x = torch.tensor([1.2345, -123.456, 0.05])
    for decimals in (1, 2, -1):
        assert_rule(torch_rounding.round, torch.round, x, decimals=decimals)


@pytest.mark.parametrize(
    "bounds",
    [
        {"min": 0},
        {"max": 1},
        {"min": -0.5, "max": 0.7},
        {"min": 2, "max": 1},
        {"min": torch.tensor([0.0, -1.0, 1.0, 0.0])},
        {"min": torch.tensor(-1.0), "max": torch.tensor([0.0, -1.0, 1.0, 0.0])},
    ],
)
def test_clamp(bounds):
    x = torch.tensor([-3.0, -0.4, 0.6, math.nan])
    assert_rule(torch_rounding.clamp, torch.clamp, x, **bounds)
    assert_gradient(torch_rounding.clamp, torch.clamp, x[[0, 1, 2, 0]], **bounds)


@pytest.mark.parametrize("bounds", [{"min": 0}, {"max": 0}, {"min": 0, "max": 1}])
def test_gradient_of_clamp_on_and_beyond_the_bounds(bounds):
    x = torch.tensor([-3.0, 0.0, 0.6, 1.0, 7.0])
    assert_gradient(torch_rounding.clamp, torch.clamp, x, **bounds)


@pytest.mark.parametrize("value", [-1.5, 1.5])
def test_clamp_stops_infinite_gradients(value):
    """Beyond the bounds, where rounding takes cosines, arccos has a gradient of its own: none."""
    x = torch.tensor([value, 0.25])
    assert_gradient(
        lambda x: jnp.arccos(torch_rounding.clamp(x, -1, 1)), lambda x: x.clamp(-1, 1).acos(), x
    )
    assert_gradient(
        lambda x: jnp.sqrt(torch_rounding.clamp_min(x, 0)), lambda x: x.clamp_min(0).sqrt(), x
    )


def test_clamp_promotes_integers():
    assert_rule(torch_rounding.clamp, torch.clamp, INTEGERS, 0.5)
    assert_rule(torch_rounding.clamp, torch.clamp, INTEGERS, -1, 1)
    assert_rule(torch_rounding.clamp_min, torch.clamp_min, INTEGERS, 0)
    assert_rule(torch_rounding.clamp_max, torch.clamp_max, ANY, 1)


@pytest.mark.parametrize(
    "options", [{}, {"nan": 1.5}, {"posinf": 9.0, "neginf": -9.0}, {"nan": None}]
)
def test_nan_to_num(options):
    assert_rule(torch_rounding.nan_to_num, torch.nan_to_num, SPECIAL, **options)
    assert_gradient(torch_rounding.nan_to_num, torch.nan_to_num, SPECIAL, **options)


def test_heaviside_keeps_dtype_and_takes_nan_for_negative():
    assert_rule(torch_rounding.heaviside, torch.heaviside, SPECIAL, torch.tensor(0.5))
    assert_rule(torch_rounding.heaviside, torch.heaviside, INTEGERS, torch.tensor(7))


def test_logit_with_eps():
    x = torch.tensor([0.0, 0.01, 0.4, 1.0])
    assert_rule(torch_transcendental.logit, torch.logit, x, 0.05)
    assert_gradient(torch_transcendental.logit, torch.logit, x, 0.05)


def test_logaddexp_of_infinities():
    x = torch.tensor([-math.inf, -math.inf, math.inf, 1.0])
    y = torch.tensor([-math.inf, 0.0, math.inf, -math.inf])
    assert_rule(torch_transcendental.logaddexp, torch.logaddexp, x, y)


@pytest.mark.parametrize("rule", ["xlogy", "xlog1py"])
def test_products_with_logarithms_are_zero_at_zero(rule):
    x, y = torch.tensor([0.0, 0.0, 2.0, 0.5]), torch.tensor([0.0, 3.0, 0.7, 2.0])
    function = getattr(torch.special, rule)
    assert_rule(getattr(torch_special, rule), function, x, y)
    assert_gradient(getattr(torch_special, rule), function, x[2:], y[2:])


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_polygamma(n):
    assert_rule(torch_special.polygamma, torch.polygamma, n, POSITIVE)
    assert_gradient(torch_special.polygamma, torch.polygamma, n, POSITIVE)
    assert_rule(torch_special.polygamma_method, torch.Tensor.polygamma, POSITIVE, n)


def test_gamma_functions():
    a, x = torch.tensor([0.5, 1.0, 3.0]), torch.tensor([0.2, 2.0, 5.0])
    assert_rule(torch_special.igamma, torch.igamma, a, x)
    assert_rule(torch_special.igammac, torch.igammac, a, x)
    assert_rule(torch_special.mvlgamma, torch.mvlgamma, a + 2, 2)
    assert_rule(torch_special.zeta, torch.special.zeta, a + 1.5, x)
    assert_rule(torch_special.spherical_bessel_j0, torch.special.spherical_bessel_j0, POSITIVE)


def test_logsumexp_of_special():
    assert_rule(torch_special.logsumexp, torch.special.logsumexp, ANY, 1, keepdim=True)
    assert_gradient(torch_special.logsumexp, torch.special.logsumexp, ANY, (0, 1))


@pytest.mark.parametrize(
    ("rule", "function"),
    [
        (torch_complex.real, torch.real),
        (torch_complex.imag, torch.imag),
        (torch_complex.conj, torch.conj),
        (torch_complex.resolve_conj, torch.resolve_conj),
        (torch_complex.angle, torch.angle),
        (torch_complex.view_as_real, torch.view_as_real),
        (torch_complex.isreal, torch.isreal),
        (torch_complex.is_complex, torch.is_complex),
        (torch_math.abs, torch.abs),
        (torch_math.sign, torch.sgn),
        (torch_math.square, torch.square),
        (torch_transcendental.exp, torch.exp),
        (torch_transcendental.log, torch.log),
        (torch_transcendental.tanh, torch.tanh),
    ],
    ids=name,
)
def test_complex(rule, function):
    assert_rule(rule, function, NUMBERS)


def test_view_as_complex():
    x = torch.tensor([[1.0, 2.0], [-3.0, math.inf]])
    assert_rule(torch_complex.view_as_complex, torch.view_as_complex, x)
