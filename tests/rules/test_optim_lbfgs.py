"""LBFGS takes PyTorch's steps: as many evaluations, the same losses and parameters."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from flax import nnx
from rules.api.optim_lbfgs import LBFGS

START = np.array([-1.2, 1.0, 0.7, -0.4])


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def waves(x):
    return (x**4 - 3 * x**2 + x).sum() + (x[0] * x[1] - x[2]) ** 2 + (x[3] - x[1]) ** 4


class Point(nnx.Module):
    def __init__(self) -> None:
        self.x = nnx.Param(jnp.asarray(START))


OPTIONS = [
    {},
    {"lr": 0.3, "max_iter": 5},
    {"lr": 0.3, "history_size": 2},
    {"line_search_fn": "strong_wolfe"},
    {"line_search_fn": "strong_wolfe", "lr": 0.05, "max_iter": 7},
    {"line_search_fn": "strong_wolfe", "lr": 50.0, "max_eval": 9},
    {"line_search_fn": "strong_wolfe", "tolerance_grad": 0.5, "tolerance_change": 0.01},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("function", [rosenbrock, waves])
def test_steps_are_pytorchs(function, options: dict) -> None:
    x = torch.tensor(START, requires_grad=True)
    theirs = torch.optim.LBFGS([x], **options)
    counts = [0, 0]

    def torch_closure():
        counts[0] += 1
        theirs.zero_grad()
        loss = function(x)
        loss.backward()
        return loss

    with jax.enable_x64():
        point = Point()
        ours = LBFGS(point, **options)

        def closure():
            counts[1] += 1
            return nnx.value_and_grad(lambda point: function(point.x[...]))(point)

        for _ in range(4):
            expected = theirs.step(torch_closure).item()
            assert float(ours.step(closure)) == pytest.approx(expected, rel=1e-8, abs=1e-12)
            assert counts[0] == counts[1]
            np.testing.assert_allclose(point.x[...], x.detach().numpy(), rtol=1e-6, atol=1e-9)
