"""rules/api: torch.utils.checkpoint, torch.func and torch.autograd.functional against PyTorch."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from flax import nnx
from rules.api import autograd_functional, checkpoint, func
from torch.utils import checkpoint as torch_checkpoint

from tests.rules.compare import assert_same, to_jax
from tests.rules.functional import normal

X, V = normal(3), normal(3, seed=1)
MATRIX = normal(2, 3, seed=2)


class Block(nnx.Module):
    """A layer that draws random numbers and counts its calls."""

    def __init__(self, *, rngs: nnx.Rngs):
        self.linear = nnx.Linear(3, 3, rngs=rngs)
        self.drop = nnx.Dropout(0.5, rngs=rngs)
        self.calls = nnx.BatchStat(jnp.zeros(()))

    def __call__(self, x):
        self.calls[...] += 1
        return self.drop(jnp.sin(self.linear(x)))

    def scaled(self, x, factor, *, twice=False):
        return self(x) * factor * (2 if twice else 1)


def recomputes(function, *args) -> bool:
    """Whether the sine, whose derivative a checkpoint computes again, is in a checkpoint."""
    return "checkpoint" in str(jax.make_jaxpr(function)(*args)) or "remat" in str(
        jax.make_jaxpr(function)(*args)
    )


def test_checkpoint_of_a_function():
    weight = to_jax(MATRIX)

    def rule(x, w):
        return checkpoint.checkpoint(lambda y: jnp.sin(w @ y), x, use_reentrant=False).sum()

    def function(x, w):
        inner = torch_checkpoint.checkpoint(lambda y: torch.sin(w @ y), x, use_reentrant=False)
        return inner.sum()

    tensors = [X.clone().requires_grad_(), MATRIX.clone().requires_grad_()]
    expected = torch.autograd.grad(function(*tensors), tensors)
    actual = jax.grad(rule, argnums=(0, 1))(to_jax(X), weight)
    assert_same(list(actual), list(expected))
    assert recomputes(rule, to_jax(X), weight)


@pytest.mark.parametrize("target", ["module", "method"])
def test_checkpoint_of_a_module_that_draws_and_counts(target):
    plain, kept = Block(rngs=nnx.Rngs(0)), Block(rngs=nnx.Rngs(0))

    def loss(module, x, rule):
        if target == "module":
            call = (module, x)
            result = checkpoint.checkpoint(*call) if rule else module(x)
        elif rule:
            result = checkpoint.checkpoint(module.scaled, x, 3.0, twice=True)
        else:
            result = module.scaled(x, 3.0, twice=True)
        return (result**2).sum()

    x = to_jax(normal(4, 3))
    for _ in range(2):
        expected = nnx.grad(lambda module: loss(module, x, False))(plain)
        actual = nnx.grad(lambda module: loss(module, x, True))(kept)
        jax.tree.map(np.testing.assert_array_equal, actual, expected)
    assert kept.calls[...] == plain.calls[...] == 2


@pytest.mark.parametrize("segments", [1, 2, 3])
def test_checkpoint_sequential(segments):
    blocks = [Block(rngs=nnx.Rngs(seed)) for seed in range(3)]
    again = [Block(rngs=nnx.Rngs(seed)) for seed in range(3)]
    x = to_jax(normal(4, 3))
    expected = x
    for block in blocks:
        expected = block(expected)
    actual = checkpoint.checkpoint_sequential(nnx.Sequential(*again), segments, x)
    np.testing.assert_allclose(actual, expected, rtol=1e-6)

    def loss(layers, x):
        return checkpoint.checkpoint_sequential(layers, segments, x).sum()

    assert np.isfinite(nnx.grad(loss, argnums=1)(nnx.List(again), x)).all()


def poly(m):
    """A function of an array to a scalar."""
    return lambda x: (m.sin(x) * x**2).sum()


def two(m):
    """A function of two arrays to an array."""
    return lambda x, y: m.sin(x) * y


CASES = [
    ("grad", poly, {}, (X,)),
    ("grad_and_value", poly, {}, (X,)),
    ("hessian", poly, {}, (X,)),
    ("jacrev", two, {}, (X, V)),
    ("jacrev", two, {"argnums": 1}, (X, V)),
    ("jacfwd", two, {"argnums": (0, 1)}, (X, V)),
    ("vmap", two, {}, (MATRIX, MATRIX)),
    ("vmap", two, {"in_dims": (1, None), "out_dims": 1}, (MATRIX, MATRIX[:, 0])),
]


@pytest.mark.parametrize(("name", "function", "options", "args"), CASES)
def test_transformations(name, function, options, args):
    expected = getattr(torch.func, name)(function(torch), **options)(*args)
    assert_same(getattr(func, name)(function(jnp), **options)(*to_jax(args)), expected)


def test_auxiliary_results():
    def function(m):
        return lambda x: ((m.sin(x) * x).sum(), m.cos(x))

    for name in ("grad", "grad_and_value"):
        expected = getattr(torch.func, name)(function(torch), has_aux=True)(X)
        assert_same(getattr(func, name)(function(jnp), has_aux=True)(to_jax(X)), expected)


def test_products():
    value, pull = func.vjp(two(jnp), to_jax(X), to_jax(V))
    expected, torch_pull = torch.func.vjp(two(torch), X, V)
    assert_same(value, expected)
    assert_same(pull(to_jax(V)), torch_pull(V))
    inputs = (X, V), (V, X)
    assert_same(func.jvp(two(jnp), *to_jax(inputs)), torch.func.jvp(two(torch), *inputs))
    value, push = func.linearize(two(jnp), to_jax(X), to_jax(V))
    expected, torch_push = torch.func.linearize(two(torch), X, V)
    assert_same([value, push(to_jax(V), to_jax(X))], [expected, torch_push(V, X)])


@pytest.mark.parametrize("name", ["vmap", "jacfwd"])
def test_random_numbers_under_transformations_are_refused(name):
    with pytest.raises(NotImplementedError, match="random numbers"):
        getattr(func, name)(poly(jnp), randomness="different")


def test_functional_call():
    module = Block(rngs=nnx.Rngs(0))
    module.drop.deterministic = True
    weights = {"linear.kernel": to_jax(normal(3, 3)), "linear.bias": to_jax(V)}
    x = to_jax(normal(4, 3))

    def call(weights):
        return func.functional_call(module, weights, (x,))

    expected = jnp.sin(x @ weights["linear.kernel"] + weights["linear.bias"])
    before = module.linear.kernel[...]
    np.testing.assert_allclose(call(weights), expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(call(({}, weights)), expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(module.linear.kernel[...], before)
    gradient = jax.grad(lambda weights: call(weights).sum())(weights)
    angles = x @ weights["linear.kernel"] + weights["linear.bias"]
    np.testing.assert_allclose(gradient["linear.bias"], jnp.cos(angles).sum(0), rtol=1e-5)
    many = jax.tree.map(lambda w: jnp.stack([w, 2 * w]), weights)
    np.testing.assert_allclose(jax.vmap(call)(many)[0], expected, rtol=1e-5, atol=1e-6)
    with pytest.raises(RuntimeError, match="calls"):
        func.functional_call(module, weights, x, strict=True)


def element(m):
    """A function to one element, which is not a scalar."""
    return lambda x, y: (m.sin(x) * y**2).sum().reshape(1)


@pytest.mark.parametrize(
    ("name", "function", "inputs", "rest"),
    [
        ("jacobian", lambda m: m.sin, X, ()),
        ("jacobian", two, (X, V), ()),
        ("hessian", poly, X, ()),
        ("hessian", element, (X, V), ()),
        ("vjp", lambda m: m.sin, X, (V,)),
        ("vjp", two, (X, V), (V,)),
        ("vjp", poly, X, ()),
        ("jvp", lambda m: m.sin, X, (V,)),
        ("jvp", two, (X, V), ((V, X),)),
        ("hvp", poly, X, (V,)),
        ("hvp", element, (X, V), ((V, X),)),
        ("vhp", poly, X, (V,)),
    ],
)
def test_autograd_functional(name, function, inputs, rest):
    expected = getattr(torch.autograd.functional, name)(function(torch), inputs, *rest)
    rule = getattr(autograd_functional, {"vhp": "hvp"}.get(name, name))
    assert_same(rule(function(jnp), to_jax(inputs), *to_jax(rest)), expected)
