"""Compare the gradients of an operator's samples with PyTorch's, through the translator."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import torch
from flax import nnx
from torch.testing._internal import common_methods_invocations as database
from torch.testing._internal.opinfo.core import OpInfo

from tests.conformance.compare import assert_close, like, to_jax
from tests.conformance.operators import Case, cases, translated

# The database differentiates these only along what the first argument may be.
_WRAPPERS_OF_INPUTS = (
    database.gradcheck_wrapper_hermitian_input,
    database.gradcheck_wrapper_triangular_input_real_positive_diagonal,
)


def gradient_failures(op: OpInfo, *, jit: bool = True) -> list[str]:
    """What is wrong with the gradients of an operator's samples; empty if they pass.

    Each sample is differentiated in its commonest form, by all of its tensors that require a
    gradient. What is differentiated is a sum of the results in which each element has a weight
    of its own, after the database has taken out what a result is free to choose, such as the
    signs of eigenvectors.

    Args:
        op: the operator.
        jit: compile each direction as one program, which is faster than operation by operation.
    """
    try:
        found = _commonest(cases(op, requires_grad=True))
        functions, unresolved, written = translated(op, found)
    except Exception as error:
        return [f"no function: {error}"]
    problems = []
    for case in found:
        if case.name in unresolved:
            problems.append(f"{case.expression}: {unresolved[case.name]}")
            continue
        try:
            _check(case, functions[case.name], op, jax.jit if jit else lambda function: function)
        except Exception as error:
            shown = f"{case.expression} → {written[case.name]}"
            problems.append(f"{shown}: {type(error).__name__}: {str(error).strip()}")
    return problems


def _commonest(found: Iterable[Case]) -> list[Case]:
    """The first form of each sample."""
    first: dict[int, Case] = {}
    for case in found:
        first.setdefault(id(case.sample), case)
    return list(first.values())


def _check(
    case: Case, function: Callable[..., Any], op: OpInfo, compiled: Callable[..., Any]
) -> None:
    tensors = case.written.tensors
    reference = _Reference(case, op)
    expected = reference.gradients(tensors)
    if not any(reference.is_differentiable):
        return
    by = [n for n, tensor in enumerate(tensors) if tensor.requires_grad]
    given = reference.restricted(tensors)
    arrays = [to_jax(tensor) for tensor in given]
    draws = {"rngs": nnx.Rngs(0)} if "rngs" in inspect.signature(function).parameters else {}

    def results(*floats: jax.Array) -> list[jax.Array]:
        inputs = dict(zip(by, floats, strict=True))
        found = function(*(inputs.get(n, x) for n, x in enumerate(arrays)), **draws)
        return [jnp.asarray(leaf) for leaf in jax.tree.leaves(found)]

    values, pull = compiled(lambda *xs: jax.vjp(results, *xs))(*(arrays[n] for n in by))
    cotangents = reference.cotangents(values)
    pulled = compiled(lambda pull: pull(cotangents))(pull)
    actual = [torch.as_tensor(np.array(jnp.conj(gradient))) for gradient in pulled]
    if 0 in by:
        (actual[0],) = torch.autograd.grad(given[0], tensors[0], actual[0], allow_unused=True)

    def exact() -> Any:
        try:
            return reference.gradients([_widened(tensor) for tensor in tensors])
        except Exception:
            return None

    assert_close(actual, expected, exact)


class _Reference:
    """What PyTorch differentiates: a weighted sum of the results of a case."""

    def __init__(self, case: Case, op: OpInfo) -> None:
        namespace: dict[str, Any] = {}
        exec("import torch\nimport torch.nn.functional as F\n" + case.source, namespace)
        self._function = namespace[case.name]
        self._case = case
        self._wrapper = op.gradcheck_wrapper
        self.is_differentiable: list[bool] = []

    def restricted(self, tensors: list[torch.Tensor]) -> list[torch.Tensor]:
        """The tensors, the first one made what the operator takes, such as a Hermitian matrix."""
        if self._wrapper not in _WRAPPERS_OF_INPUTS:
            first = tensors[0].clone()
        else:
            sample = self._case.sample
            first = self._wrapper(lambda x, *_, **__: x, tensors[0], *sample.args, **sample.kwargs)
        return [first, *tensors[1:]]

    def gradients(self, tensors: list[torch.Tensor]) -> list[torch.Tensor]:
        """Gradients by the tensors that require them; zero where nothing depends on one."""
        wanted = [tensor for tensor in tensors if tensor.requires_grad]
        result = self._function(*self.restricted(tensors)) if wanted else ()
        self.is_differentiable = [tensor.requires_grad for tensor in _tensors(result)]
        if not any(self.is_differentiable):
            return []
        return _gradients(self._total(result), wanted)

    def cotangents(self, values: list[jax.Array]) -> list[Any]:
        """The derivative of the sum by JAX's own results."""
        expected = self._case.expected
        shaped = like(expected, _in_structure(expected, iter(values)))
        leaves = [leaf.detach() for leaf in _tensors(shaped)]
        wanted = [
            leaf for leaf, is_one in zip(leaves, self.is_differentiable, strict=True) if is_one
        ]
        for leaf in wanted:
            leaf.requires_grad_()
        found = iter(_gradients(self._total(_in_structure(shaped, iter(leaves))), wanted))
        return [
            jnp.conj(to_jax(next(found)).astype(value.dtype))
            if leaf.requires_grad
            else _no_cotangent(value)
            for leaf, value in zip(leaves, values, strict=True)
        ]

    def _total(self, result: Any) -> torch.Tensor:
        """The weighted sum of the real and imaginary parts of all results."""
        processed = _tensors(self._case.sample.output_process_fn_grad(result))
        kept = [tensor for tensor in processed if tensor.requires_grad]
        parts = [torch.view_as_real(t.resolve_conj()) if t.is_complex() else t for t in kept]
        flat = torch.cat([part.reshape(-1).double() for part in parts])
        return torch.dot(flat, torch.cos(torch.arange(len(flat), dtype=torch.float64)))


def _gradients(total: torch.Tensor, by: list[torch.Tensor]) -> list[torch.Tensor]:
    found = torch.autograd.grad(total, by, allow_unused=True, materialize_grads=True)
    # A sum has memory of its own, which PyTorch's symbolic zeros lack.
    return [one.detach() + torch.zeros_like(one.detach()) for one in found]


def _no_cotangent(value: jax.Array) -> Any:
    if jnp.issubdtype(value.dtype, jnp.inexact):
        return jnp.zeros_like(value)
    return np.zeros(value.shape, jax.dtypes.float0)


def _in_structure(structure: Any, leaves: Iterator[Any]) -> Any:
    """The leaves nested as the tensors in ``structure`` are."""
    if not isinstance(structure, (list, tuple)):
        return next(leaves)
    items = [_in_structure(item, leaves) for item in structure]
    is_named = type(structure).__module__ == "torch.return_types"
    return type(structure)(items) if is_named or type(structure) is list else tuple(items)


def _tensors(value: Any) -> list[torch.Tensor]:
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in _tensors(item)]
    return [value] if isinstance(value, torch.Tensor) else []


def _widened(tensor: torch.Tensor) -> torch.Tensor:
    wide = tensor.double() if tensor.dtype == torch.float32 else copy.deepcopy(tensor)
    return wide.detach().requires_grad_(tensor.requires_grad)
