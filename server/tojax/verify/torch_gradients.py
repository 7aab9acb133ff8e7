"""Gradients of one call on the PyTorch side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from tojax.verify.torch_layouts import InOrder
from tojax.verify.torch_values import is_float
from tojax.verify.tree import is_attribute

if TYPE_CHECKING:
    from tojax.verify.torch_run import Run


def differentiate(
    run: Run,
    differentiable: dict[str, torch.Tensor],
    cotangents: dict[str, np.ndarray[Any, Any]],
    seed: int,
) -> None:
    """Fill in the gradients of a run's weighted results, or why there are none.

    Args:
        run: the call.
        differentiable: what to differentiate by, by name.
        cotangents: weights of the results, by path, filled in where missing.
        seed: selects the weights.
    """
    outputs = {
        path: value for path, value in run.raw.items() if is_float(value) and not is_attribute(path)
    }
    has_history = any(value.requires_grad for value in outputs.values())
    if run.stateful or not differentiable or not has_history:
        run.no_gradient = "it changes its arguments" if run.stateful else "nothing to differentiate"
        return
    generator = np.random.default_rng(seed + 1)
    total: Any = 0.0
    for path, value in outputs.items():
        if path not in cotangents:
            shape = (2, *value.shape) if value.is_complex() else tuple(value.shape)
            cotangents[path] = generator.standard_normal(shape).astype(np.float32)
        if not value.requires_grad:
            continue  # its weight is for JAX, where no gradient may flow through it either
        weight = torch.from_numpy(cotangents[path]).to(value.device)
        if value.is_complex():
            total = total + (value.real * weight[0] + value.imag * weight[1]).sum()
        else:
            total = total + (value * weight.to(value.dtype)).sum()
    names = list(differentiable)
    inputs = [differentiable[name] for name in names]
    with InOrder():  # type: ignore[no-untyped-call]
        gradients = torch.autograd.grad(total, inputs, allow_unused=True)
    for name, gradient in zip(names, gradients, strict=True):
        zero = torch.zeros_like(differentiable[name])
        run.gradients[name] = zero if gradient is None else gradient
