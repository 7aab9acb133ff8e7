"""Checks of conditions fail as PyTorch's do."""

from __future__ import annotations

import pytest
import torch
from rules.api import compilers


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (compilers.check_condition, torch._check),
        (compilers.check_index, torch._check_index),
        (compilers.check_value, torch._check_value),
    ],
)
def test_check(ours, theirs) -> None:
    ours(True)
    with pytest.raises(Exception) as expected:
        theirs(False, lambda: "too long")
    with pytest.raises(expected.type, match="too long"):
        ours(False, lambda: "too long")
    with pytest.raises(expected.type, match="Expected cond to be True"):
        ours(False)
