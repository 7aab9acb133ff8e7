"""Makes a confirmed repair small, as far as it still proves that one version is wrong."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator

from tojax.model.allow_list import refusals
from tojax.model.repairs import Repair
from tojax.model.statements import lines_of, needed_for
from tojax.nouns import Verdict

Prove = Callable[[str, str], Verdict]  # the verdict on a PyTorch source and a JAX version


def minimised(repair: Repair, prove: Prove) -> Repair | None:
    """The smallest part of a repair that still proves itself, or None if it does not.

    First only what one target needs is kept, then only one of the places that the repair changed.

    Args:
        repair: the repair.
        prove: runs a PyTorch source and a JAX version.
    """
    whole = prove(repair.source, repair.broken)
    if whole.status != "differs" or prove(repair.source, repair.fixed).status != "verified":
        return None
    targets = [part.target for part in whole.parts or (whole,) if part.status == "differs"]
    for target in targets:
        part = _only(repair, target)
        if part is not None and _is_proven(part, prove):
            repair = part
            break
    for smaller in _single_changes(repair):
        if _differs(smaller, prove):
            return smaller
    return repair


def _is_proven(repair: Repair, prove: Prove) -> bool:
    return prove(repair.source, repair.fixed).status == "verified" and _differs(repair, prove)


def _differs(repair: Repair, prove: Prove) -> bool:
    try:
        if refusals(repair.broken, repair.source, repair.fixed):
            return False
    except (SyntaxError, ValueError, RecursionError):
        return False
    return prove(repair.source, repair.broken).status == "differs"


def _only(repair: Repair, target: str) -> Repair | None:
    """The part of a repair that one target needs."""
    inputs = ("get_inputs", "get_init_inputs")
    parts = {
        "source": needed_for(repair.source, (target, *inputs)),
        "broken": needed_for(repair.broken, (target,)),
        "fixed": needed_for(repair.fixed, (target,)),
    }
    return repair.model_copy(update=parts) if all(parts.values()) else None


def _single_changes(repair: Repair) -> Iterator[Repair]:
    """The fixed version with one of its changes undone, short ones first."""
    broken, fixed = lines_of(repair.broken), lines_of(repair.fixed)
    changes = list(_changes(fixed, broken))
    if len(changes) < 2:
        return
    for start, end, lines in sorted(changes, key=lambda change: change[1] - change[0]):
        undone = [*fixed[:start], *lines, *fixed[end:]]
        yield repair.model_copy(update={"broken": "".join(undone)})


def _changes(before: list[str], after: list[str]) -> Iterator[tuple[int, int, list[str]]]:
    """Start and end of the lines that change, and what stands there then; one by one if it can."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind == "replace" and end - start == other_end - other_start:
            for line in range(end - start):
                yield start + line, start + line + 1, [after[other_start + line]]
        elif kind != "equal":
            yield start, end, after[other_start:other_end]
