"""Makes JAX quick to build models whose weights are about to be replaced by PyTorch's.

The initialisers keep JAX's signatures and distributions
(https://docs.jax.dev/en/latest/jax.nn.initializers.html), but draw with NumPy, seeded with the
key: equal keys give equal weights, as in JAX.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np

from tojax.verify.key_reuse import key_bits

Initialiser = Callable[..., jax.Array]
Generator = np.random.Generator
Axes = int | Sequence[int]
Mode = Literal["fan_in", "fan_out", "fan_avg", "fan_geo_avg"]
Distribution = Literal["truncated_normal", "normal", "uniform"]

_DEVIATION_WITHIN_TWO = 0.87962566103423978  # of a standard normal that is cut at -2 and 2

_SHAPES: dict[str, Distribution] = {"normal": "truncated_normal", "uniform": "uniform"}
_FAMILIES: dict[str, tuple[float, Mode]] = {
    "glorot": (1.0, "fan_avg"),
    "xavier": (1.0, "fan_avg"),
    "he": (2.0, "fan_in"),
    "kaiming": (2.0, "fan_in"),
    "lecun": (1.0, "fan_in"),
}


def use_cheap_initialisers() -> None:
    """Let random initialisers draw with NumPy: compiling JAX's costs a second for each shape.

    Call before Flax is imported, which binds them as defaults of its layers.
    """
    own: dict[str, Callable[..., Initialiser]] = {
        "normal": normal,
        "uniform": uniform,
        "truncated_normal": truncated_normal,
        "orthogonal": orthogonal,
        "variance_scaling": variance_scaling,
    }
    for family, (scale, mode) in _FAMILIES.items():
        for name, distribution in _SHAPES.items():
            own[f"{family}_{name}"] = functools.partial(variance_scaling, scale, mode, distribution)
    for name, initialiser in own.items():
        setattr(jax.nn.initializers, name, initialiser)


def _drawing(draw: Callable[[tuple[int, ...], Generator], Any], dtype: Any) -> Initialiser:
    """An initialiser from a function that draws an array of a shape."""

    def initialise(key: Any, shape: Any, dtype: Any = dtype, out_sharding: Any = None) -> jax.Array:
        values = np.asarray(draw(tuple(shape), _generator(key)), np.float32)
        return jnp.asarray(values).astype(jnp.float32 if dtype is None else dtype)

    return initialise


def _generator(key: Any) -> Generator:
    """One that gives the same for the same key; any, while the key is being traced."""
    bits = key_bits(key)
    if bits is None:
        return np.random.default_rng(np.random.randint(2**32, size=2))
    return np.random.default_rng(np.frombuffer(bits, np.uint32))


def normal(stddev: Any = 1e-2, dtype: Any = None) -> Initialiser:
    """As `jax.nn.initializers.normal`."""
    return _drawing(lambda shape, by: float(stddev) * by.standard_normal(shape), dtype)


def uniform(scale: Any = 1e-2, dtype: Any = None) -> Initialiser:
    """As `jax.nn.initializers.uniform`."""
    return _drawing(lambda shape, by: float(scale) * by.random(shape), dtype)


def truncated_normal(
    stddev: Any = 1e-2, dtype: Any = None, lower: Any = -2.0, upper: Any = 2.0
) -> Initialiser:
    """As `jax.nn.initializers.truncated_normal`."""
    return _drawing(lambda shape, by: float(stddev) * _truncated(shape, by, lower, upper), dtype)


def orthogonal(scale: Any = 1.0, column_axis: int = -1, dtype: Any = None) -> Initialiser:
    """As `jax.nn.initializers.orthogonal`."""

    def draw(shape: tuple[int, ...], by: Generator) -> Any:
        columns = shape[column_axis]
        rows = math.prod(shape) // max(columns, 1)
        wide = by.standard_normal((max(rows, columns), min(rows, columns)))
        basis, triangle = np.linalg.qr(wide)
        basis = basis * np.sign(np.diag(triangle))
        basis = basis if rows >= columns else basis.T
        rest = tuple(np.delete(np.asarray(shape), column_axis))
        return float(scale) * np.moveaxis(basis.reshape(*rest, columns), -1, column_axis)

    return _drawing(draw, dtype)


def variance_scaling(
    scale: Any,
    mode: Mode,
    distribution: Distribution,
    in_axis: Axes = -2,
    out_axis: Axes = -1,
    batch_axis: Axes = (),
    dtype: Any = None,
) -> Initialiser:
    """As `jax.nn.initializers.variance_scaling`."""

    def draw(shape: tuple[int, ...], by: Generator) -> Any:
        inputs, outputs = _fans(shape, in_axis, out_axis, batch_axis)
        fans = {
            "fan_in": inputs,
            "fan_out": outputs,
            "fan_avg": (inputs + outputs) / 2,
            "fan_geo_avg": math.sqrt(inputs * outputs),
        }
        deviation = math.sqrt(scale / fans[mode])
        if distribution == "uniform":
            return math.sqrt(3) * deviation * by.uniform(-1, 1, shape)
        if distribution == "normal":
            return deviation * by.standard_normal(shape)
        return deviation / _DEVIATION_WITHIN_TWO * _truncated(shape, by, -2, 2)

    return _drawing(draw, dtype)


def _fans(shape: tuple[int, ...], *axes: Axes) -> tuple[float, float]:
    """How many inputs and outputs an element of the result has."""
    inputs, outputs, batch = (
        math.prod(shape[axis] for axis in ((own,) if isinstance(own, int) else own)) for own in axes
    )
    field = math.prod(shape) / max(inputs * outputs * batch, 1)
    return max(inputs * field, 1e-9), max(outputs * field, 1e-9)


def _truncated(shape: tuple[int, ...], by: Generator, lower: Any, upper: Any) -> Any:
    """Standard normal numbers between two bounds: those outside are drawn again."""
    values = by.standard_normal(shape)
    for _ in range(100):
        outside = (values < lower) | (values > upper)
        if not np.any(outside):
            break
        values = np.where(outside, by.standard_normal(shape), values)
    return np.clip(values, lower, upper)
