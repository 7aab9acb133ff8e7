"""Gives the draws that PyTorch made to JAX code that calls ``jax.random.*``.

`install` wraps the sampling functions of ``jax.random`` once, before any code under test (or
Flax) is imported. They behave as ever unless a `Replay` is active; then each takes the recorded
draw of its kind and shape that comes first. Draws of equal distribution are interchangeable, so
taking a later one is still a fair comparison; it is noted, because results may then differ for
code that is right.
"""

from __future__ import annotations

import functools
import inspect
import math
import sys
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from tojax.verify.draws import CannotReplay, Draw
from tojax.verify.key_reuse import KeyUses

Array = jax.Array

NOT_DRAWS = frozenset(
    [
        "PRNGKey",
        "key",
        "key_data",
        "key_dtype",
        "key_impl",
        "wrap_key_data",
        "split",
        "fold_in",
        "clone",
        "random_gamma_p",
    ]
)


class Replay:
    """While entered, draws come from ``draws``.

    Args:
        draws: what PyTorch drew, in order.
        lenient: a draw without counterpart is made afresh (while objects are being set up)
            instead of raising `CannotReplay`.
        keys: notes the key of each draw.
    """

    active: ClassVar[Replay | None] = None

    def __init__(
        self, draws: Sequence[Draw], *, lenient: bool = False, keys: KeyUses | None = None
    ) -> None:
        self.left = list(draws)
        self.lenient = lenient
        self.keys = keys
        self.taken: Draw | None = None
        self.problem: str | None = None

    def __enter__(self) -> Replay:
        self._outer, Replay.active = Replay.active, self
        return self

    def __exit__(self, *exception: object) -> None:
        Replay.active = self._outer

    def finish(self) -> str | None:
        """Why the draws of both sides do not correspond, or None."""
        if self.problem is None and self.left:
            self.problem = f"PyTorch draws random numbers {len(self.left)} times more than JAX"
        return self.problem

    def take(self, kind: str, shape: Sequence[int] | int, span: int = 0) -> Array:
        """The next recorded draw of this kind and shape.

        Raises:
            CannotReplay: there is none.
        """
        wanted = tuple(int(size) for size in ([shape] if isinstance(shape, int) else shape))
        for index, draw in enumerate(self.left):
            values = _as_kind(draw, kind)
            if values is None or draw.span != span or not _in_same_order(values.shape, wanted):
                continue
            if index:
                self.problem = self.problem or "JAX draws random numbers in another order"
            self.taken = self.left.pop(index)
            return jnp.asarray(values.reshape(wanted))
        limits = f" below {span}" if span else ""
        self.problem = f"PyTorch makes no {kind} draw of shape {wanted}{limits} here"
        raise CannotReplay(self.problem)


def _in_same_order(shape: Sequence[int], other: Sequence[int]) -> bool:
    """Whether two shapes agree once adjacent axes of one are merged: (batch · heads, ...)."""
    return math.prod(shape) == math.prod(other) and (
        _products(shape) <= _products(other) or _products(other) <= _products(shape)
    )


def _products(shape: Sequence[int]) -> set[int]:
    """How many elements lie below each axis; axes of size 1 change nothing."""
    return {math.prod(shape[axis:]) for axis in range(len(shape) + 1)}


def _as_kind(draw: Draw, kind: str) -> np.ndarray[Any, Any] | None:
    if draw.kind == kind:
        return draw.values
    if (draw.kind, kind) == ("exponential", "gumbel"):
        return np.asarray(-np.log(draw.values))
    if (draw.kind, kind) == ("gumbel", "exponential"):
        return np.asarray(np.exp(-draw.values))
    return None


def install() -> None:
    """Wrap the sampling functions of ``jax.random``."""
    for name in dir(jax.random):
        function = getattr(jax.random, name)
        if not name.startswith("_") and callable(function) and name not in NOT_DRAWS:
            setattr(jax.random, name, _wrap(name, function))


def _wrap(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    signature = inspect.signature(function)
    replayed = REPLAYED.get(name)

    @functools.wraps(function)
    def draw(*args: Any, **kwargs: Any) -> Any:
        replay = Replay.active
        if replay is None or _building_a_module():
            return function(*args, **kwargs)
        try:
            if replayed is None:
                replay.problem = f"jax.random.{name} cannot be replayed"
                raise CannotReplay(replay.problem)
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            key = bound.arguments.pop("key")
            bound.arguments.pop("out_sharding", None)
            numbers = replayed(replay, **bound.arguments)
            if replay.keys is not None and replay.taken is not None:
                replay.keys.note(name, key, replay.taken)
            return numbers
        except CannotReplay:
            if replay.lenient:
                return function(*args, **kwargs)
            raise

    return draw


def _building_a_module() -> bool:
    from flax import nnx

    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_name == "__init__" and isinstance(
            frame.f_locals.get("self"), nnx.Module
        ):
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


def _float(dtype: Any) -> Any:
    return jnp.zeros((), float if dtype is None else dtype).dtype


def _normal(replay: Replay, shape: Any = (), dtype: Any = None) -> Any:
    return replay.take("normal", shape or ()).astype(_float(dtype))


def _uniform(
    replay: Replay, shape: Any = (), dtype: Any = None, minval: Any = 0.0, maxval: Any = 1.0
) -> Any:
    number = replay.take("uniform", shape or ()).astype(_float(dtype))
    return number * (maxval - minval) + minval


def _bernoulli(replay: Replay, p: Any = 0.5, shape: Any = None, **_: Any) -> Any:
    number = replay.take("uniform", jnp.shape(p) if shape is None else shape)
    return number < p


def _randint(replay: Replay, shape: Any, minval: Any, maxval: Any, dtype: Any = int) -> Any:
    number = replay.take("integers", shape, span=int(maxval) - int(minval)) + minval
    return number.astype(jnp.zeros((), dtype or int).dtype)


def _permutation(replay: Replay, x: Any, axis: int = 0, independent: bool = False) -> Any:
    if independent:
        raise CannotReplay("independent permutations cannot be replayed")
    items = jnp.arange(x) if jnp.ndim(x) == 0 else jnp.asarray(x)
    size = items.shape[axis]
    return jnp.take(items, replay.take("permutation", (size,), span=size), axis=axis)


def _choice(
    replay: Replay,
    a: Any,
    shape: Any = (),
    replace: bool = True,
    p: Any = None,
    axis: int = 0,
    **_: Any,
) -> Array:
    items = jnp.arange(a) if jnp.ndim(a) == 0 else jnp.asarray(a)
    size = items.shape[axis]
    if p is not None:
        chosen = _categorical(replay, jnp.log(p), shape=shape, replace=replace)
    elif replace:
        chosen = replay.take("integers", shape, span=size)
    else:
        order = replay.take("permutation", (size,), span=size)
        chosen = order[: math.prod(shape)].reshape(shape)
    return jnp.take(items, chosen, axis=axis)


def _gumbel(replay: Replay, shape: Any = (), dtype: Any = None, **_: Any) -> Array:
    return replay.take("gumbel", shape or ()).astype(_float(dtype))


def _exponential(replay: Replay, shape: Any = (), dtype: Any = None) -> Array:
    return replay.take("exponential", shape or ()).astype(_float(dtype))


def _categorical(
    replay: Replay,
    logits: Any,
    axis: int = -1,
    shape: Any = None,
    replace: bool = True,
    **_: Any,
) -> Any:
    scores = jnp.moveaxis(jnp.asarray(logits), axis, -1)
    batch = scores.shape[:-1]
    prefix = () if shape is None else tuple(shape[: len(shape) - len(batch)])
    count = math.prod(prefix)
    if count == 1:
        return (scores + replay.take("gumbel", scores.shape)).argmax(-1).reshape(prefix + batch)
    if replace:
        noise = replay.take("gumbel", (*batch, count, scores.shape[-1]))
        chosen = (scores[..., None, :] + noise).argmax(-1)
    else:
        chosen = jax.lax.top_k(scores + replay.take("gumbel", scores.shape), count)[1]
    return jnp.moveaxis(chosen, -1, 0).reshape(prefix + batch)


REPLAYED: dict[str, Callable[..., Any]] = {
    "normal": _normal,
    "uniform": _uniform,
    "bernoulli": _bernoulli,
    "randint": _randint,
    "permutation": _permutation,
    "choice": _choice,
    "gumbel": _gumbel,
    "exponential": _exponential,
    "categorical": _categorical,
}
