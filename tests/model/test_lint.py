"""Known bugs in drafts: the library recognises its own broken code, and where it stands."""

from __future__ import annotations

import pytest

from tojax.check.matching import Matcher
from tojax.model.lint import suspicions
from tojax.rules.bugs import load_bugs

BUGS = load_bugs()
DRAFT = """\
import jax.numpy as jnp


def f(x):
    return jnp.std(x), jnp.std(x, ddof=1)
"""


def test_a_known_bug_is_named_with_its_line() -> None:
    (found,) = [s for s in suspicions(DRAFT, BUGS) if s.bug.slug == "unbiased-standard-deviation"]
    assert str(found).startswith("line 5, jax.numpy.std: ")
    assert found.bug.message in str(found)


def test_a_bug_that_is_left_out_is_not_named() -> None:
    others = [bug for bug in BUGS if bug.slug != "unbiased-standard-deviation"]
    assert "unbiased-standard-deviation" not in {s.bug.slug for s in suspicions(DRAFT, others)}


def test_the_two_sides_of_a_bug_are_apart() -> None:
    from tojax.source.draft_constructs import draft_constructs

    constructs = draft_constructs(DRAFT)
    assert not any(Matcher(BUGS).bugs_of(construct) for construct in constructs)


def test_most_of_the_library_recognises_its_broken_code() -> None:
    """The rest leaves out what it should have done, which nothing can be met by."""
    told = [bug for bug in BUGS if bug.detect_jax]
    missed = [b.slug for b in told if b not in {s.bug for s in suspicions(b.broken_jax, BUGS)}]
    assert len(missed) <= len(told) / 20, missed


@pytest.mark.parametrize("code", ["", "x = 1\n", "def f(x):\n    return x.upper()\n"])
def test_plain_python_has_no_known_bugs(code: str) -> None:
    assert suspicions(code, BUGS) == []
