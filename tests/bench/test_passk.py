"""pass@k against what it means: the share of draws that hold a pass."""

from __future__ import annotations

from itertools import combinations

import pytest

from tojax.bench.passk import pass_at_k


@pytest.mark.parametrize("samples", range(1, 7))
def test_it_is_the_share_of_draws_with_a_pass(samples: int) -> None:
    for passed in range(samples + 1):
        outcomes = [index < passed for index in range(samples)]
        for k in range(1, samples + 1):
            draws = list(combinations(outcomes, k))
            share = sum(any(draw) for draw in draws) / len(draws)
            assert pass_at_k(samples, passed, k) == pytest.approx(share)


@pytest.mark.parametrize(("samples", "passed", "k"), [(3, 4, 1), (3, -1, 1), (3, 1, 4), (3, 1, 0)])
def test_numbers_that_do_not_fit_are_refused(samples: int, passed: int, k: int) -> None:
    with pytest.raises(ValueError, match="no pass@"):
        pass_at_k(samples, passed, k)
