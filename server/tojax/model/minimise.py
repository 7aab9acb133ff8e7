"""Makes a confirmed repair small, as far as it still proves that one version is wrong."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator

from tojax.model.allow_list import refusals
from tojax.model.repairs import Repair
from tojax.model.statements import lines_of, needed_for
from tojax.nouns import Verdict
from tojax.translate.project import translate_source

Prove = Callable[[str, str], Verdict]  # the verdict on a PyTorch source and a JAX version


def minimised(repair: Repair, prove: Prove) -> Repair | None:
    """The smallest part of a repair that still proves itself, or None if it does not.

    First only what one target needs is kept, then only one of the places that the repair changed.

    Args:
        repair: the repair.
        prove: runs a PyTorch source and a JAX version.
    """
    try:
        translated = translate_source(repair.source).code
    except SyntaxError:
        return None

    def verdict(part: Repair, version: str) -> Verdict | None:
        """How one of the two versions compares, if it may be run."""
        try:
            refused = refusals(version, part.source, translated)
        except (SyntaxError, ValueError, RecursionError):
            return None
        return None if refused else prove(part.source, version)

    def is_proven(part: Repair) -> bool:
        return _status(verdict(part, part.fixed)) == "verified" and differs(part)

    def differs(part: Repair) -> bool:
        return _status(verdict(part, part.broken)) == "differs"

    whole = verdict(repair, repair.broken)
    if whole is None or not is_proven(repair):
        return None
    targets = [part.target for part in whole.parts or (whole,) if part.status == "differs"]
    parts = filter(None, (_only(repair, target) for target in targets))
    repair = next(filter(is_proven, parts), repair)
    return next(filter(differs, _single_changes(repair)), repair)


def _status(verdict: Verdict | None) -> str:
    return verdict.status if verdict is not None else ""


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
