"""Copies of a layer start equal and drop out independently, as PyTorch's do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jax.numpy as jnp
import pytest
from flax import nnx

import tojax

SOURCE = (Path(__file__).parent / "cases" / "rngs" / "clones.in.py").read_text()


@pytest.fixture(scope="module")
def program() -> dict[str, Any]:
    made: dict[str, Any] = {}
    exec(compile(tojax.translate(SOURCE).code, "jax", "exec"), made)
    return made


def _masks(layers: list[Any]) -> set[bytes]:
    """Which numbers each layer drops; every layer is called twice."""
    ones = jnp.ones((8, 8))
    return {bytes((layer.drop(ones) == 0).tobytes()) for layer in layers for _ in range(2)}


def test_clones_drop_out_independently(program: dict[str, Any]) -> None:
    net = program["Net"](3, rngs=nnx.Rngs(0))
    layers = [net.first, *net.layers]
    assert len(_masks(layers)) == 2 * len(layers)
    assert all((layer.fc.kernel[...] == net.first.fc.kernel[...]).all() for layer in layers)


def test_clones_are_apart(program: dict[str, Any]) -> None:
    net = program["Net"](2, rngs=nnx.Rngs(0))
    net.first.fc.kernel[...] += 1
    assert not (net.layers[0].fc.kernel[...] == net.first.fc.kernel[...]).any()


def test_an_average_in_evaluation_stays_a_plain_copy(program: dict[str, Any]) -> None:
    net = program["Net"](2, rngs=nnx.Rngs(0))
    x = jnp.ones((3, 4))
    assert (net.average(x) == x + net.average.fc(x)).all()
