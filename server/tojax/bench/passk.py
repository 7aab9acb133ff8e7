"""pass@k: the chance that at least one of k samples passes."""

from __future__ import annotations

from math import comb


def pass_at_k(samples: int, passed: int, k: int) -> float:
    """The unbiased estimate of pass@k for one case (Chen et al. 2021, arXiv 2107.03374, eq. 1).

    Args:
        samples: how many were drawn.
        passed: how many of them passed.
        k: at most ``samples``.

    Raises:
        ValueError: the numbers do not fit together.
    """
    if not (0 <= passed <= samples and 1 <= k <= samples):
        raise ValueError(f"no pass@{k} of {passed} passed among {samples}")
    return 1.0 - comb(samples - passed, k) / comb(samples, k)
