"""Conversion, size, value and state of a tensor."""

from __future__ import annotations

import jax.numpy as jnp
import pytest
import torch
from rules.api import tensor_dtypes, tensor_methods
from rules.api.values import TORCH_VALUES

from tests.rules.compare import assert_rule, assert_same, to_jax

X = torch.tensor([[1.7, -2.2, 0.0], [3.5, 4.9, 6.0]])
INTEGERS = torch.tensor([0, 1, -3, 7])
NUMBERS = torch.tensor([[1 + 2j, -3j, 2 + 0j]])

CONVERSIONS = {
    "float": tensor_dtypes.to_float32,
    "double": tensor_dtypes.to_float64,
    "half": tensor_dtypes.to_float16,
    "cfloat": tensor_dtypes.to_complex64,
    "cdouble": tensor_dtypes.to_complex128,
    "bool": tensor_dtypes.to_bool,
    "char": tensor_dtypes.to_int8,
    "short": tensor_dtypes.to_int16,
    "int": tensor_dtypes.to_int32,
    "long": tensor_dtypes.to_int64,
}


@pytest.mark.parametrize("name", CONVERSIONS)
@pytest.mark.parametrize("x", [X, INTEGERS, X > 0], ids=["float", "int", "bool"])
def test_conversions(name, x):
    assert_rule(CONVERSIONS[name], getattr(torch.Tensor, name), x)


def test_narrow_conversions():
    assert_rule(tensor_dtypes.to_uint8, torch.Tensor.byte, torch.tensor([0.0, 3.9, 255.0]))
    rounded = tensor_dtypes.to_bfloat16(to_jax(X))
    assert rounded.dtype == jnp.bfloat16
    assert_same(rounded, X.bfloat16())
    assert_rule(tensor_dtypes.type_as, torch.Tensor.type_as, X, INTEGERS)


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ((torch.int64,), {}),
        ((torch.float16, True), {}),
        (("cpu",), {}),
        (("cpu", torch.int32), {}),
        (("cpu", torch.int32, True), {}),
        (("cpu",), {"non_blocking": True}),
        ((INTEGERS,), {}),
        ((), {"dtype": torch.bool}),
        ((), {"device": "cpu"}),
        ((), {"device": "cpu", "dtype": torch.float64}),
        ((None, torch.int16), {}),
    ],
)
def test_to(args, kwargs):
    def translated(value):
        return TORCH_VALUES[str(value)] if isinstance(value, torch.dtype) else to_jax(value)

    actual = tensor_dtypes.to(
        to_jax(X), *map(translated, args), **{k: translated(v) for k, v in kwargs.items()}
    )
    expected = X.to(*args, **kwargs)
    assert_same(actual, expected)
    width = min(expected.dtype.itemsize, 4)
    assert actual.dtype.itemsize == width


def test_to_takes_the_dtype_of_an_array():
    x = to_jax(X)
    assert tensor_dtypes.to(x, to_jax(INTEGERS).dtype).dtype == to_jax(INTEGERS).dtype
    assert tensor_dtypes.as_type(x, jnp.float16).dtype == jnp.float16
    with pytest.raises(NotImplementedError):
        tensor_dtypes.as_type(x, "torch.FloatTensor")


@pytest.mark.parametrize("rule", [tensor_dtypes.cpu, tensor_dtypes.cuda, tensor_methods.contiguous])
def test_moves_keep_the_array(rule):
    x = to_jax(X)
    assert rule(x) is x
    assert tensor_methods.requires_grad_(x) is x
    assert tensor_methods.retain_grad(x) is None
    assert tensor_methods.is_contiguous(x) is X.is_contiguous()


@pytest.mark.parametrize(
    "one", ["float32", "float16", "bfloat16", "int64", "int16", "uint8", "bool", "complex64"]
)
@pytest.mark.parametrize("other", ["float32", "float16", "int64", "int8", "bool"])
def test_promotion(one, other):
    expected = torch.promote_types(getattr(torch, one), getattr(torch, other))
    kinds = TORCH_VALUES[f"torch.{one}"], TORCH_VALUES[f"torch.{other}"]
    dtype = jnp.zeros(2, TORCH_VALUES[str(expected)]).dtype
    assert tensor_dtypes.promote_types(*kinds) == dtype
    assert tensor_dtypes.result_type(jnp.zeros(2, kinds[0]), jnp.zeros(2, kinds[1])) == dtype


@pytest.mark.parametrize("name", ["float32", "float16", "bfloat16", "complex64", "int32", "bool"])
def test_questions_about_dtypes(name):
    dtype, value = getattr(torch, name), TORCH_VALUES[f"torch.{name}"]
    assert tensor_dtypes.dtype_is_floating_point(value) == dtype.is_floating_point
    assert tensor_dtypes.dtype_is_complex(value) == dtype.is_complex
    assert tensor_dtypes.dtype_itemsize(value) == dtype.itemsize


@pytest.mark.parametrize("name", ["float32", "float16", "bfloat16"])
def test_finfo(name):
    expected, actual = torch.finfo(getattr(torch, name)), tensor_dtypes.finfo(getattr(jnp, name))
    for limit in ("min", "max", "eps", "tiny", "smallest_normal"):
        assert float(getattr(actual, limit)) == getattr(expected, limit)


def test_iinfo_and_default_dtype():
    for name in ("uint8", "int16", "int32"):
        expected, actual = torch.iinfo(getattr(torch, name)), tensor_dtypes.iinfo(name)
        assert (actual.min, actual.max) == (expected.min, expected.max)
    assert tensor_dtypes.finfo().eps == torch.finfo().eps
    assert str(tensor_dtypes.get_default_dtype()) == str(torch.get_default_dtype())[6:]


@pytest.mark.parametrize("x", [X, INTEGERS, torch.zeros(2, 0, 3), torch.tensor(1.0)])
def test_sizes(x):
    array = to_jax(x)
    assert tensor_methods.size(array) == tuple(x.size())
    assert tensor_methods.stride(array) == x.stride()
    assert tensor_methods.dim(array) == x.dim()
    assert tensor_methods.numel(array) == x.numel()
    for dim in range(-x.dim(), x.dim()):
        assert tensor_methods.size(array, dim) == x.size(dim)
        assert tensor_methods.size(array, dim=dim) == x.size(dim=dim)
        assert tensor_methods.stride(array, dim) == x.stride(dim)


def test_element_size_and_same_size():
    assert_rule(tensor_methods.element_size, torch.Tensor.element_size, X)
    assert_rule(tensor_methods.is_same_size, torch.Tensor.is_same_size, X, X.clone())
    assert_rule(tensor_methods.is_same_size, torch.Tensor.is_same_size, X, INTEGERS)


@pytest.mark.parametrize("x", [torch.tensor(2.5), torch.tensor([[7]]), torch.tensor(True)])
def test_item(x):
    actual = tensor_methods.item(to_jax(x))
    assert actual == x.item()
    assert type(actual) is type(x.item())


def test_lists_and_numpy():
    assert_rule(tensor_methods.tolist, torch.Tensor.tolist, INTEGERS)
    assert tensor_methods.numpy(to_jax(X)).tolist() == X.numpy().tolist()


def test_filling():
    for x in (X, INTEGERS, INTEGERS > 0):
        assert_same(tensor_methods.fill_(to_jax(x), 3.7), x.clone().fill_(3.7))
        assert_same(tensor_methods.zero_(to_jax(x)), x.clone().zero_())


def test_copy_keeps_shape_and_dtype():
    for x, source in ((X, INTEGERS[:3]), (INTEGERS, X[0, :1]), (X, X * 2), (X, torch.tensor(1))):
        assert_same(tensor_methods.copy_(to_jax(x), to_jax(source)), x.clone().copy_(source))


def test_conjugate_transposes():
    assert_same(tensor_methods.H(to_jax(NUMBERS)), NUMBERS.H)
    stack = torch.stack([NUMBERS, NUMBERS * 2])
    assert_same(tensor_methods.mH(to_jax(stack)), stack.mH)
    assert_same(tensor_methods.adjoint(to_jax(stack)), stack.adjoint())
