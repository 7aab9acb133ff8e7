"""Compare the gradient of a rule with PyTorch's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import torch

from tests.rules.compare import to_jax


def _tensors(value: Any) -> list[torch.Tensor]:
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in _tensors(item)]
    return [value] if isinstance(value, torch.Tensor) and value.is_floating_point() else []


def assert_gradient(
    rule: Callable[..., Any],
    function: Callable[..., Any],
    *args: Any,
    rtol: float = 1e-4,
    atol: float = 1e-5,
    jit: bool = True,
    **kwargs: Any,
) -> None:
    """The gradient by every floating-point tensor in ``args`` (also in lists) agrees.

    What is differentiated is a sum of the results, each element with a weight of its own; of
    complex results, real and imaginary parts. ``jit=False`` is for shapes that depend on values.
    """
    leaves, structure = jax.tree.flatten(args)
    places = [i for i, leaf in enumerate(leaves) if _tensors(leaf)]
    assert places, "nothing to differentiate by"
    tensors = [leaves[i].detach().clone().requires_grad_() for i in places]

    def arguments(values: list[Any], others: list[Any]) -> Any:
        merged = [values[places.index(i)] if i in places else v for i, v in enumerate(others)]
        return jax.tree.unflatten(structure, merged)

    def weights(size: int) -> np.ndarray:
        return np.cos(np.arange(size, dtype=np.float32))

    def torch_total() -> torch.Tensor:
        results = function(*arguments(tensors, leaves), **kwargs)
        results = results if isinstance(results, (list, tuple)) else [results]
        parts = [torch.view_as_real(r.resolve_conj()) if r.is_complex() else r for r in results]
        floats = [part.reshape(-1) for part in parts if part.is_floating_point()]
        flat = torch.cat(floats)
        return torch.dot(flat, torch.from_numpy(weights(len(flat))))

    def jax_total(values: list[jax.Array]) -> jax.Array:
        results = jax.tree.leaves(rule(*arguments(values, arrays), **keywords))
        parts = [jnp.stack([r.real, r.imag], -1) if jnp.iscomplexobj(r) else r for r in results]
        floats = [part.ravel() for part in parts if jnp.issubdtype(part.dtype, jnp.floating)]
        flat = jnp.concatenate(floats)
        return jnp.dot(flat, weights(flat.size))

    expected = torch.autograd.grad(torch_total(), tensors, allow_unused=True)
    arrays, keywords = to_jax(list(leaves)), to_jax(kwargs)
    gradient = jax.grad(jax_total)
    actual = (jax.jit(gradient) if jit else gradient)([to_jax(tensor) for tensor in tensors])
    for got, wanted, tensor in zip(actual, expected, tensors, strict=True):
        wanted = torch.zeros_like(tensor) if wanted is None else wanted
        np.testing.assert_allclose(got, wanted.numpy(), rtol=rtol, atol=atol)
