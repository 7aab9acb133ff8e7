"""Every file of the fixed-bug library proves itself: Broken fails as stated, Fixed matches."""

from __future__ import annotations

import pytest

from tests.bugs.proof import prove_broken, prove_fixed
from tojax.rules.bugs import Bug, load_bugs

BUGS = load_bugs()
BY_SLUG = {bug.slug: bug for bug in BUGS}


def test_there_are_the_first_25_bugs() -> None:
    assert len(BUGS) >= 25


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.slug)
def test_fixed_matches_pytorch(bug: Bug) -> None:
    prove_fixed(bug)


@pytest.mark.filterwarnings("ignore:Explicitly requested dtype")
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.slug)
def test_broken_is_broken_as_stated(bug: Bug) -> None:
    prove_broken(bug)


@pytest.mark.parametrize("slug", ["repeat-is-tile", "detach", "branch-on-value"])
def test_a_bug_that_is_not_fixed_or_not_broken_is_refused(slug: str) -> None:
    bug = BY_SLUG[slug]
    unfixed = bug.model_copy(update={"fixed_jax": bug.broken_jax})
    with pytest.raises(Exception):  # noqa: B017 - a difference, or what Broken raises
        prove_fixed(unfixed)
    with pytest.raises(AssertionError):
        prove_broken(bug.model_copy(update={"broken_jax": bug.fixed_jax}))


def test_broken_for_another_reason_is_refused() -> None:
    bug = BY_SLUG["branch-on-value"].model_copy(update={"broken": "AttributeError"})
    with pytest.raises(AssertionError, match="TracerBoolConversionError"):
        prove_broken(bug)
