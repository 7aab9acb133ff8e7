"""Tensor creation."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from rules.api import torch_creation, torch_creation_like, torch_typed_tensors
from rules.api.values import TORCH_VALUES

from tests.rules.compare import assert_rule, assert_same, to_jax

X = torch.tensor([[1.5, -2.0, 0.0], [3.0, 4.5, 6.0]])
HALF = X.to(torch.bfloat16)
COUNTS = torch.tensor([3, 1, 2])


def assert_created(rule, function, *args, **kwargs):
    """Like assert_rule, with a PyTorch dtype translated as the engine translates it."""
    translated = dict(kwargs)
    if "dtype" in kwargs:
        translated["dtype"] = TORCH_VALUES[str(kwargs["dtype"])]
    assert_same(rule(*to_jax(list(args)), **to_jax(translated)), function(*args, **kwargs))


@pytest.mark.parametrize("name", ["zeros", "ones"])
@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ((2, 3), {}),
        (((2, 3),), {}),
        (([2, 3],), {}),
        ((4,), {}),
        (((),), {}),
        ((0, 2), {}),
        ((X.shape,), {}),
        ((), {"size": (2, 3)}),
        ((2,), {"dtype": torch.int64}),
        ((2,), {"dtype": torch.bool, "device": "cpu", "requires_grad": False}),
        ((2, 1), {"dtype": torch.complex64}),
    ],
)
def test_sizes(name, args, kwargs):
    assert_created(getattr(torch_creation, name), getattr(torch, name), *args, **kwargs)


@pytest.mark.parametrize("args", [(2, 3), ((2, 3),), (0,), ((),)])
def test_empty_has_shape_and_dtype(args):
    expected = torch.empty(*args, dtype=torch.int32)
    actual = torch_creation.empty(*args, dtype=jnp.int32)
    assert actual.shape == tuple(expected.shape)
    assert actual.dtype == jnp.int32


@pytest.mark.parametrize("value", [2, 0.5, True, 1j, float("inf")])
def test_full_takes_the_dtype_of_the_value(value):
    assert_created(torch_creation.full, torch.full, (2, 2), value)
    assert_created(torch_creation.full, torch.full, (), value)


def test_full_with_dtype():
    assert_created(torch_creation.full, torch.full, (3,), 2, dtype=torch.float32)
    assert_created(torch_creation.full, torch.full, [3], 2.9, dtype=torch.int64)


@pytest.mark.parametrize(
    "data", [3, 2.5, True, [1, 2], [[1.0, 2.0]], [], [True, False], 1 + 2j, np.array([1, 2])]
)
def test_tensor(data):
    assert_rule(torch_creation.tensor, torch.tensor, data)
    assert_rule(torch_creation.as_tensor, torch.as_tensor, data)


def test_tensor_with_dtype_and_from_others():
    assert_created(torch_creation.tensor, torch.tensor, [1, 2], dtype=torch.float32)
    assert_created(torch_creation.as_tensor, torch.as_tensor, X, dtype=torch.int64)
    assert_created(torch_creation.scalar_tensor, torch.scalar_tensor, 3)
    assert_created(torch_creation.scalar_tensor, torch.scalar_tensor, 3, dtype=torch.int64)
    assert_rule(torch_creation.from_numpy, torch.from_numpy, np.arange(3, dtype=np.float32))
    expected = torch.frombuffer(bytearray(b"abcdefgh"), dtype=torch.uint8, offset=2)
    assert_same(torch_creation.frombuffer(b"abcdefgh", dtype=jnp.uint8, offset=2), expected)


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ((5,), {}),
        ((5.0,), {}),
        ((2, 7), {}),
        ((2, 7, 3), {}),
        ((7, 2, -2), {}),
        ((0, 1, 0.25), {}),
        ((5,), {"dtype": torch.float32}),
        ((0,), {}),
        ((), {"end": 4}),
        ((), {"start": 1, "end": 4, "step": 2}),
        ((1, 10), {"step": 4}),
    ],
)
def test_arange(args, kwargs):
    assert_created(torch_creation.arange, torch.arange, *args, **kwargs)


@pytest.mark.filterwarnings("ignore:torch.range is deprecated")
@pytest.mark.parametrize("args", [(0, 4), (1, 2, 0.5), (5, 1, -2)])
def test_range_includes_its_end(args):
    assert_rule(torch_creation.range_, torch.range, *args)


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ((0, 1, 5), {}),
        ((-3, 3, 1), {}),
        ((5.0, -5.0, 11), {}),
        ((0, 10, 5), {"dtype": torch.int64}),
        ((-5, 5, 4), {"dtype": torch.int64}),
        ((0, 1), {"steps": 3}),
    ],
)
def test_linspace(args, kwargs):
    assert_created(torch_creation.linspace, torch.linspace, *args, **kwargs)


def test_logspace():
    assert_created(torch_creation.logspace, torch.logspace, -2, 2, 5)
    assert_created(torch_creation.logspace, torch.logspace, 0, 8, 9, base=2.0)


@pytest.mark.parametrize("args", [(3,), (2, 4), (4, 2), (0,)])
def test_eye(args):
    assert_created(torch_creation.eye, torch.eye, *args)
    assert_created(torch_creation.eye, torch.eye, *args, dtype=torch.bool)


@pytest.mark.parametrize("name", ["tril_indices", "triu_indices"])
@pytest.mark.parametrize("args", [(3, 3), (2, 4, 1), (4, 2, -1)])
def test_triangle_indices(name, args):
    assert_created(getattr(torch_creation, name), getattr(torch, name), *args)
    assert_created(getattr(torch_creation, name), getattr(torch, name), *args, dtype=torch.int32)


def test_complex_numbers():
    imaginary = torch.tensor([float("inf"), 0.5, -1.0])
    assert_rule(torch_creation.complex, torch.complex, X, imaginary)
    assert_rule(torch_creation.polar, torch.polar, X.abs(), X)


@pytest.mark.parametrize("options", [{"indexing": "ij"}, {"indexing": "xy"}])
def test_meshgrid(options):
    rule = torch_creation.meshgrid
    assert_rule(rule, torch.meshgrid, COUNTS, COUNTS[:2], **options)
    assert_rule(rule, torch.meshgrid, [COUNTS, COUNTS[:2], COUNTS], **options)


@pytest.mark.filterwarnings("ignore:torch.meshgrid")
def test_meshgrid_is_ij_by_default():
    assert_rule(torch_creation.meshgrid, torch.meshgrid, COUNTS, COUNTS[:2])


def test_combinations_and_products():
    assert_rule(torch_creation.cartesian_prod, torch.cartesian_prod, COUNTS)
    assert_rule(torch_creation.cartesian_prod, torch.cartesian_prod, COUNTS, COUNTS[:2])
    for r in (1, 2, 3, 4):
        assert_rule(torch_creation.combinations, torch.combinations, COUNTS, r)
    assert_rule(torch_creation.combinations, torch.combinations, COUNTS, 2, True, jit=False)
    assert_rule(torch_creation.vander, torch.vander, COUNTS)
    assert_rule(torch_creation.vander, torch.vander, COUNTS, 2, True)


@pytest.mark.parametrize("x", [X, HALF, COUNTS, COUNTS > 1], ids=["f32", "bf16", "int", "bool"])
def test_likes_keep_shape_and_dtype(x):
    array = jnp.asarray(x.float().numpy()).astype(TORCH_VALUES[str(x.dtype)])
    for name in ("zeros_like", "ones_like", "empty_like"):
        actual = getattr(torch_creation_like, name)(array)
        assert (actual.shape, actual.dtype) == (array.shape, array.dtype)
    for name, args in (("new_zeros", (2, 1)), ("new_ones", ((2,),)), ("new_empty", (0,))):
        actual = getattr(torch_creation_like, name)(array, *args)
        assert actual.shape == tuple(getattr(x, name)(*args).shape)
        assert actual.dtype == array.dtype


def test_like_values():
    assert_rule(torch_creation_like.zeros_like, torch.zeros_like, X)
    assert_created(torch_creation_like.ones_like, torch.ones_like, X, dtype=torch.int64)
    assert_rule(torch_creation_like.full_like, torch.full_like, COUNTS, 7.9)
    assert_rule(torch_creation_like.new_zeros, torch.Tensor.new_zeros, COUNTS, 2, 3)
    assert_rule(torch_creation_like.new_ones, torch.Tensor.new_ones, X, size=(2, 3))
    assert_created(torch_creation_like.new_ones, torch.Tensor.new_ones, X, 2, dtype=torch.bool)
    assert_rule(torch_creation_like.new_full, torch.Tensor.new_full, COUNTS, (2,), 3.7)
    assert_rule(torch_creation_like.new_tensor, torch.Tensor.new_tensor, COUNTS, [0.5, 2.5])
    assert_rule(torch_creation_like.new, torch.Tensor.new, X, [1, 2])
    assert torch_creation_like.new(to_jax(COUNTS), 2, 3).shape == (2, 3)


def test_detach_stops_the_gradient():
    for rule in (torch_creation_like.detach, torch_creation_like.data):
        gradient = jax.grad(lambda x, rule=rule: x * rule(x))(3.0)
        x = torch.tensor(3.0, requires_grad=True)
        (x * x.detach()).backward()
        assert gradient == x.grad.item()


def test_clone_is_equal():
    assert_rule(torch_creation_like.clone, torch.clone, X)
    assert_rule(torch_creation_like.variable, torch.autograd.Variable, X)


@pytest.mark.parametrize("kind", ["Float", "Long", "Int", "Bool", "Double", "Half", "Byte"])
def test_typed_tensors(kind):
    rule = getattr(torch_typed_tensors, f"{kind.lower()}_tensor")
    function = getattr(torch, f"{kind}Tensor")
    assert_rule(rule, function, [[1, 0], [2, 3]])
    assert rule(2, 3).shape == tuple(function(2, 3).shape)
    assert rule().shape == tuple(function().shape)
    assert rule(np.int64(4)).shape == tuple(function(np.int64(4)).shape)
    assert rule(4).dtype == to_jax(function(4)).dtype


@pytest.mark.parametrize(
    "name", [n for n in TORCH_VALUES if isinstance(getattr(torch, n[6:], None), torch.dtype)]
)
def test_dtypes_have_the_same_kind_and_width(name):
    dtype = getattr(torch, name[6:])
    wide = {torch.int64, torch.uint64, torch.float64, torch.complex128}
    with jax.enable_x64(dtype in wide):
        zero = jnp.zeros((), TORCH_VALUES[name])
    assert zero.dtype.itemsize == dtype.itemsize
    assert jnp.issubdtype(zero.dtype, jnp.floating) == dtype.is_floating_point
    assert jnp.issubdtype(zero.dtype, jnp.complexfloating) == dtype.is_complex
    assert jnp.issubdtype(zero.dtype, jnp.unsignedinteger) == (str(dtype).startswith("torch.uint"))


def test_every_name_exists_in_torch():
    for name in TORCH_VALUES:
        value = torch
        for part in name.split(".")[1:]:
            value = getattr(value, part)
    for name in ("inf", "pi", "e", "newaxis"):
        assert TORCH_VALUES[f"torch.{name}"] == getattr(torch, name)
