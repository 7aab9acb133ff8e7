"""How the arguments of constructors are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.verify.pairs import NORM
from tojax.nouns import Verdict
from tojax.verify.loading import as_construction


class Net:
    def __init__(self, sizes: Any, options: Any = None, *, rngs: Any = None) -> None: ...


class Bare:
    pass


@pytest.mark.parametrize(
    ("callee", "value", "expected"),
    [
        (Net, [8], ([8], {})),
        (Net, {"sizes": 8}, ([], {"sizes": 8})),
        (Net, [[], {"sizes": 8}], ([], {"sizes": 8})),
        (Net, [[8], {"options": 2}], ([8], {"options": 2})),
        (Net, [[8, 4], {"bias": True}], ([[8, 4], {"bias": True}], {})),
        (Net, [[], {3: 4}], ([[], {3: 4}], {})),
        (Bare, [[], {}], ([], {})),
    ],
)
def test_positions_and_keywords(
    callee: Callable[..., Any], value: Any, expected: tuple[Any, Any]
) -> None:
    assert as_construction(value, callee) == expected


def test_more_arguments_count_where_they_are_required() -> None:
    def build(size: int, *, rngs: Any) -> None: ...

    assert as_construction([[], {"size": 8}], build, rngs=None) == ([], {"size": 8})


def test_a_class_is_chosen_by_keywords_too(check: Callable[..., Verdict]) -> None:
    getters = "\n\ndef get_init_inputs():\n    return [[], {'size': 6}]\n"
    sources = [
        source.replace("class Model", "class Scaled")
        .replace("def __init__(self):", "def __init__(self, size):")
        .replace("LayerNorm(6)", "LayerNorm(size)")
        .replace("super(Model", "super(Scaled")
        + getters
        for source in NORM
    ]
    verdict = check(*sources)
    assert (verdict.target, verdict.status) == ("Scaled", "verified")
