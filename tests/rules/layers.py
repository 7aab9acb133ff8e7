"""Compare a layer with the PyTorch module that it stands for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import torch
from flax import nnx

from tests.rules.compare import assert_same, to_jax

Layer = Callable[..., Any]


def variables(layer: Layer) -> dict[str, nnx.Variable]:
    """The parameters and buffers of a layer by dotted name."""
    if not isinstance(layer, nnx.Module):
        return {}
    return {
        ".".join(map(str, path)): variable
        for path, variable in nnx.to_flat_state(nnx.state(layer))
        if not isinstance(variable, nnx.RngState)
        and variable.get_metadata().get("persistent", True)
    }


def load(layer: Layer, module: torch.nn.Module) -> None:
    """Copy a module's state into a layer; names and shapes have to agree."""
    state = module.state_dict()
    assert set(variables(layer)) == set(state)
    for name, value in state.items():
        target: Any = layer
        for part in name.split("."):
            inside = isinstance(target, nnx.List)
            target = target[int(part)] if inside else getattr(target, part)
        assert target[...].shape == tuple(value.shape), name
        target[...] = jnp.array(value.numpy())


def assert_state(layer: Layer, module: torch.nn.Module) -> None:
    """Parameters and buffers have the same values."""
    held = variables(layer)
    for name, value in module.state_dict().items():
        assert_same(held[name][...], value)


def leaves(value: Any) -> list[Any]:
    """The arrays or tensors in nested tuples, without the Nones."""
    if isinstance(value, (tuple, list)):
        return [leaf for item in value for leaf in leaves(item)]
    return [] if value is None else [value]


def assert_layer(
    layer: Layer,
    module: torch.nn.Module,
    *inputs: Any,
    gradients: bool = True,
    rtol: float = 2e-5,
    atol: float = 2e-6,
    **options: Any,
) -> None:
    """Same state, results and gradients as the PyTorch module.

    Both are in training mode, and also in evaluation mode if there are running statistics.
    """
    has_state = isinstance(layer, nnx.Module)
    if has_state:
        load(layer, module)
    arrays, keywords = to_jax(list(inputs)), to_jax(options)
    has_buffers = any(isinstance(held, nnx.BatchStat) for held in variables(layer).values())
    for training in [False, True] if has_buffers else [True]:
        module.train(training)
        if has_state:
            layer.train() if training else layer.eval()
        with torch.no_grad():
            expected = module(*inputs, **options)
        assert_same(leaves(layer(*arrays, **keywords)), leaves(expected), rtol=rtol, atol=atol)
        if has_state:
            assert_state(layer, module)
    if gradients:
        assert_gradients(layer, module, inputs, options, rtol=rtol * 5, atol=atol * 5)


def assert_gradients(layer, module, inputs, options, *, rtol, atol) -> None:
    """A weighted sum of all results has the same gradients for parameters and inputs, under jit."""
    tensors = [
        x.detach().clone().requires_grad_()
        if isinstance(x, torch.Tensor) and x.is_floating_point()
        else x
        for x in inputs
    ]
    wanted = [i for i, x in enumerate(tensors) if getattr(x, "requires_grad", False)]
    results = [r for r in leaves(module(*tensors, **options)) if r.requires_grad]
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=tuple(r.shape)).astype(np.float32) for r in results]
    loss = sum((r * torch.from_numpy(w)).sum() for r, w in zip(results, weights, strict=True))
    module.zero_grad()
    loss.backward()

    arrays, keywords = to_jax(list(inputs)), to_jax(options)
    graphdef, params, rest = (
        nnx.split(layer, nnx.Param, ...) if isinstance(layer, nnx.Module) else (None, {}, {})
    )

    def total(params, floats):
        model = layer if graphdef is None else nnx.merge(graphdef, params, rest, copy=True)
        values = list(arrays)
        for i, x in zip(wanted, floats, strict=True):
            values[i] = x
        out = [
            r for r in leaves(model(*values, **keywords)) if jnp.issubdtype(r.dtype, jnp.floating)
        ]
        return sum(jnp.sum(r * w) for r, w in zip(out, weights, strict=True))

    by_params, by_inputs = jax.jit(jax.grad(total, (0, 1)))(params, [arrays[i] for i in wanted])
    for i, gradient in zip(wanted, by_inputs, strict=True):
        expected = tensors[i].grad
        expected = torch.zeros_like(tensors[i]) if expected is None else expected
        assert_same(gradient, expected, rtol=rtol, atol=atol)
    flat = {".".join(map(str, p)): v for p, v in nnx.to_flat_state(by_params)} if graphdef else {}
    for name, parameter in module.named_parameters():
        if parameter.requires_grad:
            expected = parameter.grad
            expected = torch.zeros_like(parameter) if expected is None else expected
            assert_same(flat[name][...], expected, rtol=rtol, atol=atol)
