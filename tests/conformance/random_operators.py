"""Draw from PyTorch code and from its translation, and compare the distributions."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import torch
from flax import nnx
from scipy import stats
from torch.testing._internal.opinfo.core import OpInfo
from torch.utils._python_dispatch import TorchDispatchMode

from tests.conformance.compare import like, to_jax, to_numpy
from tests.conformance.forms import forms
from tests.conformance.operators import SAMPLES, evaluate, samples
from tests.conformance.source import Unwritable, Written, write
from tojax.translate import translate

DRAWS = 2000
UNLIKELY = 1e-6  # seeds are fixed, so that this is no rate of failure
_ELEMENTS = 12  # of a result that are compared one by one
_ROUNDING = 1e-5
_QUANTILES = (0.0, 0.1, 0.5, 0.9, 1.0)
_HEADER = "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n"
_Columns = np.ndarray[Any, np.dtype[np.float64]]


class _Draws(TorchDispatchMode):
    """Counts the random draws while it is active."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.count = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        self.count += torch.Tag.nondeterministic_seeded in func.tags
        return func(*args, **(kwargs or {}))


def is_random(op: OpInfo) -> bool:
    """Whether PyTorch draws random numbers for one of the samples that the tests look at."""
    draws = _Draws()
    try:
        for sample in islice(samples(op), SAMPLES):
            with draws:
                evaluate(op, sample)
    except Exception:  # the database has no sample for CPU
        return False
    return draws.count > 0


def expressions(op: OpInfo) -> Iterator[tuple[str, list[torch.Tensor]]]:
    """The operator's samples as source, each with the tensors ``x0``, ``x1`` … of it.

    Raises:
        Unwritable: no sample can be written.
    """
    found = False
    for sample in islice(samples(op), SAMPLES):
        written = write(sample)
        shape = _leaves(evaluate(op, sample))[0].shape
        for expression in (*forms(op, written), _in_place(op, written)):
            if _runs(expression, written, shape):
                found = True
                yield expression, written.tensors
                break
    if not found:
        raise Unwritable("no form of a sample means what the database means")


def _in_place(op: OpInfo, written: Written) -> str:
    given = written.args + [f"{name}={value}" for name, value in written.keywords.items()]
    return f"{written.input}.clone().{op.name}_({', '.join(given)})"


def _runs(expression: str, written: Written, shape: torch.Size) -> bool:
    try:
        result = pytorch(expression, written.tensors)(*written.tensors)
    except Exception:
        return False
    return _leaves(result)[0].shape == shape


def pytorch(expression: str, tensors: list[torch.Tensor]) -> Callable[..., Any]:
    """The PyTorch function of the tensors that returns the expression."""
    return _defined(_source(expression, tensors))


def translated(expression: str, tensors: list[torch.Tensor]) -> Callable[..., Any]:
    """The translation of `pytorch`, as a function of the arrays and of ``rngs``."""
    translation = translate(_source(expression, tensors))
    assert not translation.unresolved, [item.reason for item in translation.unresolved]
    function = _defined(translation.code)
    if "rngs" in inspect.signature(function).parameters:
        return function
    return lambda *arrays, rngs: function(*arrays)


def _source(expression: str, tensors: list[torch.Tensor]) -> str:
    parameters = ", ".join(f"x{number}: torch.Tensor" for number in range(len(tensors)))
    return f"{_HEADER}\n\ndef f({parameters}):\n    return {expression}\n"


def _defined(code: str) -> Callable[..., Any]:
    namespace: dict[str, Any] = {}
    exec(compile(code, "<random>", "exec"), namespace)
    function: Callable[..., Any] = namespace["f"]
    return function


def assert_same_distribution(
    reference: Callable[..., Any], function: Callable[..., Any], tensors: list[torch.Tensor]
) -> None:
    """Assert that results of a `pytorch` function and a `translated` one are distributed alike.

    They are compared element by element. How elements depend on each other, such as those of a
    channel that is dropped, shows in the weighted sums of all of them, which are compared too.

    Raises:
        AssertionError: shapes, kinds of dtype or distributions differ.
    """
    arrays = [to_jax(tensor) for tensor in tensors]
    torch.manual_seed(0)
    drawn = [reference(*tensors) for _ in range(DRAWS)]
    like(drawn[0], function(*arrays, rngs=nnx.Rngs(0)))

    def flat(key: jax.Array) -> jax.Array:
        leaves = jax.tree.leaves(function(*arrays, rngs=nnx.Rngs(key)))
        return jnp.concatenate([jnp.ravel(leaf).astype(float) for leaf in leaves])

    ours = np.asarray(jax.jit(jax.vmap(flat))(jax.random.split(jax.random.key(0), DRAWS)))
    theirs = np.stack([np.concatenate([to_numpy(x).ravel() for x in _leaves(d)]) for d in drawn])
    for one, other in zip(columns(ours).T, columns(theirs).T, strict=True):
        assert_alike(one, other)


def columns(draws: np.ndarray[Any, Any]) -> _Columns:
    """Some elements and three weighted sums of all, one a column."""
    draws = draws.astype(np.float64)
    size = draws.shape[1]
    if not size:
        return draws
    weights = np.cos(np.outer(np.arange(size), [0.0, 1.0, 2.0]))
    chosen = np.linspace(0, size - 1, min(size, _ELEMENTS)).astype(int)
    return np.concatenate([draws[:, chosen], draws @ weights], axis=1)


def assert_alike(ours: _Columns, theirs: _Columns) -> None:
    """Assert that two vectors may be samples of one distribution, by Kolmogorov and Smirnov.

    Raises:
        AssertionError: they are not, beyond rounding.
    """
    both = np.concatenate([ours, theirs])
    order = np.argsort(both)
    steps = np.diff(both[order], prepend=both[order[0]]) > _ROUNDING * (1 + np.abs(both[order]))
    ranks = np.empty(len(both), int)
    ranks[order] = np.cumsum(steps)
    result = stats.ks_2samp(ranks[: len(ours)], ranks[len(ours) :], method="asymp")
    assert result.pvalue > UNLIKELY, (
        f"quantiles {np.quantile(ours, _QUANTILES)}, PyTorch {np.quantile(theirs, _QUANTILES)}"
    )


def assert_same_moments(ours: _Columns, theirs: _Columns) -> None:
    """Assert that two samples agree in mean and variance, up to five standard errors.

    Raises:
        AssertionError: they do not.
    """
    for one, other in (
        (ours, theirs),
        (np.square(ours - ours.mean()), np.square(theirs - theirs.mean())),
    ):
        error = np.sqrt(one.var() / one.size + other.var() / other.size)
        assert abs(one.mean() - other.mean()) <= 5 * error + 1e-6 * abs(other.mean())


def _leaves(result: Any) -> list[torch.Tensor]:
    if isinstance(result, (list, tuple)):
        return [leaf for item in result for leaf in _leaves(item)]
    return [result]
