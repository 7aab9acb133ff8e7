"""torch.nn.utils: weights that are computed from others."""

import copy

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from flax import nnx
from rules.api import module_tree, nn_norm_hooks, nn_parametrizations, nn_parametrize
from rules.api.nn_conv import Conv1d, Conv2d, ConvTranspose2d
from rules.api.nn_embedding import Embedding
from rules.api.nn_linear import Bilinear, Linear
from rules.api.nn_recurrent import LSTM
from torch.nn.utils import parametrizations, parametrize

from tests.rules.compare import assert_same, to_jax
from tests.rules.layers import assert_layer, assert_state, load

VECTORS, IMAGES = torch.randn(5, 4), torch.randn(2, 4, 5, 6)
LAYERS = {
    "linear": (Linear, (4, 3), VECTORS),
    "conv": (Conv1d, (4, 6, 3), torch.randn(2, 4, 7)),
    "grouped": (Conv2d, (4, 6, 3, 1, 0, 1, 2), IMAGES),
    "transposed": (ConvTranspose2d, (4, 3, 3), IMAGES),
}


def both(name, wrapped, wrap, **options):
    """The layer and PyTorch's module, each normalised, and an input."""
    layer, arguments, x = LAYERS[name]
    theirs = getattr(torch.nn, layer.__name__)(*arguments)
    return wrap(layer(*arguments, rngs=nnx.Rngs(0)), **options), wrapped(theirs, **options), x


@pytest.mark.parametrize(
    ("name", "dim"),
    [*((name, 0) for name in LAYERS), ("linear", 1), ("linear", -1), ("transposed", None)],
)
@pytest.mark.parametrize(
    ("wrapped", "wrap"),
    [
        (torch.nn.utils.weight_norm, nn_norm_hooks.weight_norm),
        (parametrizations.weight_norm, nn_parametrizations.weight_norm),
    ],
)
def test_weight_norm(name, dim, wrapped, wrap):
    ours, theirs, x = both(name, wrapped, wrap, dim=dim)
    assert_layer(ours, theirs, x)


@pytest.mark.parametrize(
    ("name", "options"),
    [*((name, {}) for name in LAYERS), ("conv", {"n_power_iterations": 3, "dim": 1, "eps": 1e-3})],
)
@pytest.mark.parametrize(
    ("wrapped", "wrap"),
    [
        (torch.nn.utils.spectral_norm, nn_norm_hooks.spectral_norm),
        (parametrizations.spectral_norm, nn_parametrizations.spectral_norm),
    ],
)
def test_spectral_norm(name, options, wrapped, wrap):
    ours, theirs, x = both(name, wrapped, wrap, **options)
    # u and v start unrelated to the weight: uᵀWv, the divisor, is small and loses digits.
    assert_layer(ours, theirs, x, rtol=1e-4, atol=1e-4)
    load(ours, theirs)
    step = nnx.jit(lambda layer, x: layer(x))
    for _ in range(3):  # each call in training goes on with the power iteration
        assert_same(step(ours, to_jax(x)), theirs(x), rtol=1e-4, atol=1e-5)
    assert_state(ours, theirs)


def test_spectral_norm_starts_at_the_largest_singular_value():
    for wrap in (nn_norm_hooks.spectral_norm, nn_parametrizations.spectral_norm):
        layer = wrap(Linear(6, 4, rngs=nnx.Rngs(0)))
        layer.eval()
        assert jnp.linalg.norm(layer.weight[...], 2) == pytest.approx(1, abs=1e-5)


def test_a_read_outside_of_a_call_updates_only_the_new_form():
    """The old form has a hook before calls; the new one works whenever the weight is read."""
    for wrapped, wrap in (
        (torch.nn.utils.spectral_norm, nn_norm_hooks.spectral_norm),
        (parametrizations.spectral_norm, nn_parametrizations.spectral_norm),
    ):
        ours, theirs, x = both("linear", wrapped, wrap)
        load(ours, theirs)
        assert_same(ours(to_jax(x)), theirs(x), atol=1e-5)
        assert_same(ours.weight[...], theirs.weight, atol=1e-5)
        assert_state(ours, theirs)


def test_spectral_norm_of_a_vector():
    theirs = parametrizations.spectral_norm(torch.nn.LayerNorm(4))
    ours = Linear(4, 1, rngs=nnx.Rngs(0))
    ours.weight = nnx.Param(to_jax(theirs.parametrizations.weight.original))
    nn_parametrizations.spectral_norm(ours)
    assert_same(ours.weight[...], theirs.weight)


@pytest.mark.parametrize(
    ("map_name", "shape"),
    [
        (None, (4, 4)),
        (None, (4, 3)),
        ("matrix_exp", (4, 3)),
        ("cayley", (4, 4)),
        ("cayley", (4, 6)),
        ("householder", (4, 4)),
        ("householder", (4, 6)),
    ],
)
def test_orthogonal(map_name, shape):
    theirs = parametrizations.orthogonal(torch.nn.Linear(*shape), orthogonal_map=map_name)
    ours = nn_parametrizations.orthogonal(Linear(*shape, rngs=nnx.Rngs(0)), orthogonal_map=map_name)
    with torch.no_grad():
        theirs.parametrizations.weight.original += torch.tril(torch.randn(shape[::-1]) / 3, -1)
    assert_layer(ours, theirs, VECTORS, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("shape", [(4, 4), (4, 3), (4, 6)])
def test_orthogonal_without_a_base(shape):
    """The originals are reflections for the present weight, as in PyTorch."""
    theirs = torch.nn.Linear(*shape)
    ours = Linear(*shape, rngs=nnx.Rngs(0))
    load(ours, theirs)
    options = {"orthogonal_map": "householder", "use_trivialization": False}
    parametrizations.orthogonal(theirs, **options)
    nn_parametrizations.orthogonal(ours, **options)
    assert_state(ours, theirs)
    assert_layer(ours, theirs, VECTORS, rtol=1e-4, atol=1e-5)
    target = torch.linalg.qr(torch.randn(6, 6)).Q[: shape[1], : shape[0]]
    theirs.weight = target
    ours.weight = to_jax(target)
    assert_same(ours.weight[...], theirs.weight, atol=1e-5)


def test_orthogonal_starts_at_the_orthonormal_factor_of_the_weight():
    for shape in [(4, 4), (4, 3), (4, 6)]:
        theirs, ours = torch.nn.Linear(*shape), Linear(*shape, rngs=nnx.Rngs(0))
        load(ours, theirs)
        parametrizations.orthogonal(theirs)
        nn_parametrizations.orthogonal(ours)
        assert_same(ours.weight[...], theirs.weight, atol=1e-5)


def test_orthogonal_without_an_inverse_cannot_be_assigned():
    layer = Linear(4, 4, rngs=nnx.Rngs(0))
    with pytest.raises(NotImplementedError):
        nn_parametrizations.orthogonal(layer, orthogonal_map="cayley", use_trivialization=False)


class Scale(torch.nn.Module):
    """Has an inverse with two originals."""

    def forward(self, size, direction):
        return size * direction

    def right_inverse(self, weight):
        return weight.abs().amax(1, keepdim=True), weight.sign()


class OurScale(nnx.Module):
    def __call__(self, size, direction):
        return size * direction

    def right_inverse(self, weight):
        return jnp.max(jnp.abs(weight), axis=1, keepdims=True), jnp.sign(weight)


class Shift(torch.nn.Module):
    """Has a parameter and no inverse."""

    def __init__(self):
        super().__init__()
        self.amount = torch.nn.Parameter(torch.tensor([0.5]))

    def forward(self, weight):
        return weight + self.amount


class OurShift(nnx.Module):
    def __init__(self):
        self.amount = nnx.Param(jnp.array([0.5]))

    def __call__(self, weight):
        return weight + self.amount[...]


def parametrized():
    """A layer with two parametrizations of its weight and one of its bias."""
    theirs, ours = torch.nn.Linear(4, 3), Linear(4, 3, rngs=nnx.Rngs(0))
    load(ours, theirs)
    for module, library, scale, shift in (
        (theirs, parametrize, Scale, Shift),
        (ours, nn_parametrize, OurScale, OurShift),
    ):
        library.register_parametrization(module, "weight", scale(), unsafe=True)
        library.register_parametrization(module, "weight", shift())
        library.register_parametrization(module, "bias", shift())
    return ours, theirs


def test_steps_of_the_users_own():
    ours, theirs = parametrized()
    assert_state(ours, theirs)
    assert_layer(ours, theirs, VECTORS)
    assert len(ours.parametrizations.weight) == len(theirs.parametrizations.weight) == 2
    assert isinstance(ours.parametrizations.weight[1], OurShift)


def test_is_parametrized():
    plain = Linear(4, 3, rngs=nnx.Rngs(0))
    ours, _ = parametrized()
    assert not nn_parametrize.is_parametrized(plain)
    assert nn_parametrize.is_parametrized(ours)
    assert nn_parametrize.is_parametrized(ours, "bias")
    assert not nn_parametrize.is_parametrized(ours, "kernel")
    assert nn_parametrize.type_before_parametrizations(ours) is Linear
    assert nn_parametrize.type_before_parametrizations(plain) is Linear
    assert isinstance(ours, Linear)


def test_remove_parametrizations():
    ours, theirs = parametrized()
    for module, library in ((theirs, parametrize), (ours, nn_parametrize)):
        with pytest.raises(ValueError):
            library.remove_parametrizations(module, "weight", leave_parametrized=False)
        library.remove_parametrizations(module, "weight")
        library.remove_parametrizations(module, "bias", leave_parametrized=False)
        with pytest.raises(ValueError):
            library.remove_parametrizations(module, "bias")
    assert type(ours) is Linear
    assert_state(ours, theirs)
    assert_layer(ours, theirs, VECTORS)


@pytest.mark.parametrize("kind", ["weight_norm", "spectral_norm"])
def test_remove_a_norm(kind):
    wrapped, wrap = getattr(torch.nn.utils, kind), getattr(nn_norm_hooks, kind)
    ours, theirs, x = both("conv", wrapped, wrap)
    load(ours, theirs)
    theirs_before, ours_before = theirs(x), ours(to_jax(x))
    getattr(torch.nn.utils, f"remove_{kind}")(theirs)
    getattr(nn_norm_hooks, f"remove_{kind}")(ours)
    assert_same(ours_before, theirs_before, atol=1e-5)
    assert type(ours) is Conv1d
    assert_state(ours, theirs)
    assert_layer(ours, theirs, x)
    with pytest.raises(ValueError):
        getattr(nn_norm_hooks, f"remove_{kind}")(ours)


def test_several_weights_of_a_recurrent_layer():
    theirs, ours = torch.nn.LSTM(4, 3), LSTM(4, 3, rngs=nnx.Rngs(0))
    for name in ("weight_hh_l0", "weight_ih_l0"):
        torch.nn.utils.weight_norm(theirs, name)
        nn_norm_hooks.weight_norm(ours, name)
    assert_layer(ours, theirs, torch.randn(5, 2, 4), rtol=1e-4, atol=1e-5)


def test_other_layers():
    for layer, arguments, inputs in (
        (Bilinear, (4, 4, 3), (VECTORS, VECTORS)),
        (Embedding, (6, 3), (torch.tensor([1, 5, 1]),)),
    ):
        theirs = torch.nn.utils.weight_norm(getattr(torch.nn, layer.__name__)(*arguments))
        ours = nn_norm_hooks.weight_norm(layer(*arguments, rngs=nnx.Rngs(0)))
        assert_layer(ours, theirs, *inputs)


def test_writing_to_a_computed_weight_changes_nothing():
    """As in PyTorch, where ``m.weight.data.normal_()`` writes to a result."""
    ours, theirs, _ = both("conv", torch.nn.utils.weight_norm, nn_norm_hooks.weight_norm)
    load(ours, theirs)
    before = theirs.weight.detach().clone()
    ours.weight[...] = jnp.zeros_like(ours.weight[...])
    assert_same(ours.weight[...], before, atol=1e-5)
    with pytest.raises(AttributeError):
        ours.weight = nnx.Param(jnp.zeros(3))


def test_the_order_of_parameters():
    for wrapped, wrap in (
        (torch.nn.utils.weight_norm, nn_norm_hooks.weight_norm),
        (torch.nn.utils.spectral_norm, nn_norm_hooks.spectral_norm),
        (parametrizations.weight_norm, nn_parametrizations.weight_norm),
    ):
        ours, theirs, _ = both("linear", wrapped, wrap)
        names = [name for name, _ in theirs.named_parameters()]
        assert [name for name, _ in module_tree.named_parameters(ours)] == names


def test_copies_and_transformations_keep_the_formula():
    layer = nn_parametrizations.weight_norm(Linear(4, 3, rngs=nnx.Rngs(0)))
    other = copy.deepcopy(layer)
    split = nnx.merge(*nnx.split(layer))
    leaves, tree = jax.tree.flatten(layer)
    x = to_jax(VECTORS)
    for same in (other, split, jax.tree.unflatten(tree, leaves)):
        np.testing.assert_array_equal(same(x), layer(x))
        assert type(same) is type(layer)
