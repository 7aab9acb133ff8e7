"""Constructs made by hand against bugs made by hand, so that each condition is seen to count."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tojax.check.matching import Matcher
from tojax.rules.bugs import Bug, load_bugs
from tojax.rules.patterns import Pattern


@dataclass(frozen=True)
class Construct:
    kind: str
    name: str = ""
    arguments: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


def _bug(*detect: Any, code: str = "MY001") -> Bug:
    return Bug(
        code=code,
        title="t",
        severity="warning",
        detect=tuple(Pattern.model_validate(pattern) for pattern in detect),
        broken="differs",
        source="https://example.org",
        tags=("t",),
        why="Why.",
        pytorch="",
        broken_jax="",
        fixed_jax="",
        path=Path("my.md"),
    )


@pytest.mark.parametrize(
    ("pattern", "construct", "matches"),
    [
        ("branch", Construct("branch"), True),
        ("branch", Construct("iterate"), False),
        ({"call": "torch.std"}, Construct("call", "torch.std"), True),
        ({"call": "torch.std"}, Construct("call", "torch.std_mean"), False),
        ({"call": "torch.std"}, Construct("method", "torch.std"), False),
        ({"call": ["torch.a", "torch.b"]}, Construct("call", "torch.b"), True),
        ({"call": "torch.nn.Conv?d"}, Construct("call", "torch.nn.Conv2d"), True),
        ({"call": "torch.nn.Conv?d"}, Construct("call", "torch.nn.ConvTranspose2d"), False),
        ({"call": "f", "argument": "dim|1"}, Construct("call", "f", ("0", "dim")), True),
        ({"call": "f", "argument": "dim|1"}, Construct("call", "f", ("0", "1")), True),
        ({"call": "f", "argument": "dim|1"}, Construct("call", "f", ("0",)), False),
        ({"call": "f", "argument": ["a", "b"]}, Construct("call", "f", ("a",)), False),
        ({"call": "f", "argument": ["a", "b"]}, Construct("call", "f", ("b", "a")), True),
        ({"call": "f", "without": "dim|1"}, Construct("call", "f", ("0",)), True),
        ({"call": "f", "without": ["a", "b"]}, Construct("call", "f", ("b",)), False),
        ({"call": "f", "within": "loop"}, Construct("call", "f", (), ("function", "loop")), True),
        ({"call": "f", "within": "loop"}, Construct("call", "f", (), ("function",)), False),
        ({"call": "f", "within": ["loop", "init"]}, Construct("call", "f", (), ("loop",)), False),
    ],
)
def test_pattern(pattern: Any, construct: Construct, matches: bool) -> None:
    bugs = Matcher([_bug(pattern)]).bugs_of(construct)  # type: ignore[arg-type]
    assert bool(bugs) is matches


def test_a_bug_with_two_fitting_patterns_is_found_once() -> None:
    matcher = Matcher(
        [_bug({"call": "torch.*"}, {"call": "torch.std"}), _bug("call", code="MY002")]
    )
    found = matcher.bugs_of(Construct("call", "torch.std"))  # type: ignore[arg-type]
    assert [bug.code for bug in found] == ["MY001", "MY002"]


@pytest.mark.parametrize(
    ("name", "is_in_place"),
    [
        ("add_", True),
        ("relu_", True),
        ("requires_grad_", False),
        ("add", False),
        ("__add__", False),
    ],
)
def test_in_place_methods_by_their_names(name: str, is_in_place: bool) -> None:
    construct = Construct("method", f"torch.Tensor.{name}")
    codes = [bug.code for bug in Matcher(load_bugs()).bugs_of(construct)]  # type: ignore[arg-type]
    assert ("TJ103" in codes) is is_in_place
