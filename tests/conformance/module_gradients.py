"""Compare the gradients of a layer to its parameters and inputs with PyTorch's."""

from __future__ import annotations

import copy
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import torch
from flax import nnx

from tests.conformance.compare import assert_close, to_jax
from tojax.weights import state_dict


def assert_same_gradients(
    reference: torch.nn.Module, model: nnx.Module, inputs: list[torch.Tensor]
) -> None:
    """Assert that both sides have the same gradients, and run both once.

    What is differentiated is a sum of all results in which each element has a weight of its own.
    """
    doubled = copy.deepcopy(reference).double()
    expected = _torch_gradients(reference, inputs)
    actual = _jax_gradients(model, inputs)
    assert expected.keys() <= actual.keys(), f"no gradient: {expected.keys() - actual.keys()}"

    def exact() -> list[torch.Tensor]:
        wide = [t.double() if t.dtype == torch.float32 else t for t in inputs]
        found = _torch_gradients(doubled, wide)
        return [found[name] for name in expected]

    got = [torch.as_tensor(np.array(actual[name])) for name in expected]
    # The roundings of both directions add up in a gradient.
    assert_close(got, list(expected.values()), exact, rtol=5e-5)


def _torch_gradients(
    module: torch.nn.Module, inputs: list[torch.Tensor]
) -> dict[str, torch.Tensor]:
    """Gradients by parameter name and by number of the input; zero where nothing depends on it."""
    given = [t.detach().clone().requires_grad_(t.requires_grad) for t in inputs]
    results = [r for r in _leaves(module(*given)) if r.requires_grad]
    if not results:
        return {}
    total = sum((r * _weights(r.shape, r.dtype)).sum() for r in results)
    by = {
        **{name: p for name, p in module.named_parameters() if p.requires_grad},
        **{str(number): t for number, t in enumerate(given) if t.requires_grad},
    }
    found = torch.autograd.grad(total, list(by.values()), allow_unused=True)
    return {
        name: torch.zeros_like(tensor) if gradient is None else gradient
        for (name, tensor), gradient in zip(by.items(), found, strict=True)
    }


def _jax_gradients(model: nnx.Module, inputs: list[torch.Tensor]) -> dict[str, Any]:
    """The same of the translated model, under PyTorch's names and in PyTorch's layouts."""
    arrays = [to_jax(tensor) for tensor in inputs]
    floats = {str(n): x for n, x in enumerate(arrays) if inputs[n].requires_grad}

    def total(model: nnx.Module, floats: dict[str, jax.Array]) -> Any:
        given = [floats.get(str(number), x) for number, x in enumerate(arrays)]
        results = [jnp.asarray(r) for r in _leaves(model(*given))]
        kept = [r for r in results if jnp.issubdtype(r.dtype, jnp.floating)]
        return sum(jnp.sum(r * _weights(r.shape, torch.float32).numpy()) for r in kept)

    by_model, by_input = nnx.jit(nnx.grad(total, argnums=(0, 1)))(model, floats)
    holder = nnx.clone(model)
    nnx.update(holder, by_model)
    return {**state_dict(holder), **by_input}


def _leaves(value: Any) -> list[Any]:
    """The arrays or tensors in nested tuples, without the Nones."""
    if isinstance(value, (tuple, list)):
        return [leaf for item in value for leaf in _leaves(item)]
    return [] if value is None else [value]


def _weights(shape: Any, dtype: torch.dtype) -> torch.Tensor:
    size = int(np.prod(tuple(shape)))
    return torch.cos(torch.arange(size, dtype=torch.float64)).reshape(tuple(shape)).to(dtype)
