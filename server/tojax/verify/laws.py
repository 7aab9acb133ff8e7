"""The tolerance law: how far JAX's results may be from PyTorch's.

The reference is PyTorch in float64. PyTorch's own float32 result is off by some error; JAX may be
off by a small multiple of that, plus a few roundings of the largest value. Where PyTorch does not
run in float64, its float32 result is the reference and the error is how far it moves when inputs
and parameters move by one rounding.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tojax.nouns import Rung
from tojax.verify.tree import NumpyArray


@dataclass(frozen=True)
class Law:
    """What JAX's error may be, as the sum of four shares.

    ``multiple`` of PyTorch's own float32 error, ``roundings`` of the largest value in the
    output's dtype, ``relative`` to the largest value, and ``absolute``. ``apart`` says that values
    which `far_apart` tells apart are judged apart.
    """

    multiple: float
    roundings: float
    relative: float = 0.0
    absolute: float = 0.0
    apart: bool = True


FLOAT32_EPSILON = 2.0**-23
STRICT = Law(multiple=8.0, roundings=4.0)
# Over several optimizer steps rounding errors add up.
TRAINED = Law(multiple=8.0, roundings=64.0)
# Where JAX in float64 agrees with PyTorch in float64, what is left is rounding: it may be
# amplified by a kink (a ReLU's gradient near zero), but results must stay recognisable.
AMPLE = Law(multiple=128.0, roundings=64.0, apart=False)
AMPLE_DERIVATIVE = replace(AMPLE, relative=1e-2)
# Constants that are kept in float32 leave a trace of a rounding in float64. What STRICT finds wrong
# is off by more roundings than this.
FLOAT64 = Law(multiple=0.0, roundings=0.0, relative=2 * FLOAT32_EPSILON)
# Scaled inputs are to show what is added to them and where they are cut off, rather than how
# terms that cancel are rounded.
SCALED = ("small", "large")
COARSE = "coarse"  # inputs with equal values and zeros, where a gradient need only be finite
SCALED_RELATIVE = 1e-2
# Large inputs drive functions to where a rounding decides: with float64 in agreement, it may.
LARGE_RELATIVE = 1e6
# A loss that large inputs bring to nothing is a difference of such inputs, and as good as zero.
LARGE_ABSOLUTE = {"float32": 2.0**-13, "float64": 2.0**-42}
# An optimizer keeps its learning rate in float32 whatever the module's precision is.
FLOAT64_TRAINED = replace(FLOAT64, relative=1e-6)

EPSILON = {"float16": 2.0**-10, "bfloat16": 2.0**-7}
_NARROWER = {"float64": "float32", "int64": "int32", "uint64": "uint32", "complex128": "complex64"}
FAR_APART = 10  # powers of two
PRECISE = 2.0**-10  # an error below this share of the largest value leaves its digits readable

_SHARES = (
    f"{STRICT.roundings:g} roundings of the largest value; integers, infinity and NaN exactly equal"
)
TOLERANCE = (
    "per output, largest error against PyTorch in float64 at most "
    f"{STRICT.multiple:g} times PyTorch's own float32 error plus {_SHARES}"
)
TOLERANCE_TRAINED = (
    "after several optimizer steps, largest error against PyTorch at most "
    f"{TRAINED.multiple:g} times PyTorch's own float32 error plus {TRAINED.roundings:g} roundings "
    "of the largest value or change; integers, infinity and NaN exactly equal"
)
TOLERANCE_WITHOUT_FLOAT64 = (
    "per output, largest difference from PyTorch in float32 (it does not run in float64) at most "
    f"{STRICT.multiple:g} times what one rounding of the inputs changes plus {_SHARES}"
)
TOLERANCE_SCALED = (
    f"where inputs are made small or large, {SCALED_RELATIVE:.0%} of the largest value more"
)


def strict(rung: Rung, scaled: str) -> Law:
    """The tolerance law at a rung, for inputs that are as they were, or of some kind."""
    law = TRAINED if rung is Rung.TRAINING else STRICT
    if scaled in SCALED:
        law = replace(law, relative=SCALED_RELATIVE, absolute=_absolute(scaled, "float32"))
    return law


def ample(rung: Rung, scaled: str) -> Law:
    """What float32 may be off by where float64 agrees."""
    law = AMPLE_DERIVATIVE if rung in (Rung.GRADIENTS, Rung.TRAINING) else AMPLE
    if scaled in SCALED:
        relative = LARGE_RELATIVE if scaled == "large" else SCALED_RELATIVE
        law = replace(law, relative=relative, absolute=_absolute(scaled, "float32"))
    return law


def float64(rung: Rung, scaled: str) -> Law:
    """What JAX in float64 may be off by from PyTorch in float64."""
    law = FLOAT64_TRAINED if rung is Rung.TRAINING else FLOAT64
    return replace(law, absolute=_absolute(scaled, "float64"))


def _absolute(scaled: str, dtype: str) -> float:
    return LARGE_ABSOLUTE[dtype] if scaled == "large" else 0.0


def allowed_error(
    reference: NumpyArray,
    samples: Sequence[NumpyArray],
    epsilon: float,
    scale: float = 0.0,
    law: Law = STRICT,
) -> float:
    """The largest error that JAX may make on one output.

    Args:
        reference: PyTorch's finite results in the best precision available.
        samples: the same results with PyTorch's float32 rounding errors.
        epsilon: spacing of the output's dtype at one.
        scale: largest value that takes part besides the output's own; one rounding of it is noise,
            unless it lies far apart and PyTorch's float32 shows no such noise.
        law: how much of each is allowed.
    """
    error = max((largest(sample - reference) for sample in samples), default=0.0)
    own = largest(reference)
    if law.apart and own and error <= PRECISE * own and own < scale / 2**FAR_APART:
        scale = 0.0
    rounding = epsilon * max(law.roundings * own, scale)
    return law.multiple * error + rounding + law.relative * max(own, scale) + law.absolute


def far_apart(reference: NumpyArray, samples: Sequence[NumpyArray]) -> Iterator[NumpyArray]:
    """Masks of the parts of an output whose sizes lie far apart, such as logits among -1e9.

    One rounding of the large ones is more than the small ones are. A part is its own measure if
    PyTorch's float32 has its digits right; what is left over are the rest, together.
    """
    sizes = np.abs(reference)
    _, exponents = np.frexp(sizes)
    exponents = np.where(sizes > 0, exponents, np.iinfo(exponents.dtype).min)
    present = np.unique(exponents[sizes > 0])
    cuts = present[1:][np.diff(present) > FAR_APART]
    rest = np.ones(reference.shape, bool)
    number = np.searchsorted(cuts, exponents, side="right") if cuts.size else np.zeros(sizes.shape)
    for part in range(cuts.size):  # the largest values are their own measure in any case
        mask = number == part
        error = max((largest((sample - reference)[mask]) for sample in samples), default=math.inf)
        if error <= PRECISE * largest(reference[mask]):
            rest &= ~mask
            yield mask
    yield rest


def epsilon_of(dtype: str) -> float:
    """The spacing of a dtype at one."""
    return EPSILON.get(dtype, FLOAT32_EPSILON)


def stands_for(dtype: str, other: str) -> bool:
    """Whether JAX's ``dtype`` stands for PyTorch's ``other``: it has 32 bits in place of 64.

    Floats may be wider than PyTorch's, which computes in half precision to save time.
    """
    dtype, other = (_NARROWER.get(name, name) for name in (dtype, other))
    return dtype == other or (other in EPSILON and dtype == "float32")


def largest(array: NumpyArray) -> float:
    """The largest size of the elements."""
    return float(np.abs(array).max()) if array.size else 0.0


def finite_part(array: NumpyArray | None) -> np.ndarray[Any, Any]:
    """The finite numbers of an array of floats."""
    if array is None or array.dtype.kind not in "fc":
        return np.zeros(0)
    finite: NumpyArray = array[np.isfinite(array)]
    return finite
