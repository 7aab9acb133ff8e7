"""How evidence reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tojax.verify.compare import Comparison


def inputs_text(case: Mapping[str, Any]) -> str:
    """Under which mode, seed and inputs a case ran."""
    where = f"{case['mode']} mode, " if case["mode"] != "call" else ""
    return f"{where}seed {case['seed']}: {case['inputs']}"


def modes_text(cases: list[dict[str, Any]]) -> str:
    """How many sets of inputs ran, and in which modes."""
    modes = list(dict.fromkeys(case["mode"] for case in cases))
    seeds = len({case["seed"] for case in cases})
    inputs = f"{seeds} sets of inputs" if seeds > 1 else "one set of inputs"
    return inputs + (f" in {' and '.join(modes)} mode" if modes != ["call"] else "")


def summary_text(total: Comparison) -> str:
    """How much agrees, and how closely."""
    return (
        f"{total.elements} numbers in {len(total.compared)} arrays agree, "
        f"the largest error is {total.worst:.0%} of what is allowed"
    )
