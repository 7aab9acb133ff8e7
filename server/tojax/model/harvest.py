"""Candidates for the fixed-bug library, from repairs that verification confirmed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from tojax.files import write_atomically
from tojax.model.minimise import Prove, minimised
from tojax.model.repairs import Repair, kept_repairs, origin_of
from tojax.rules.bugs import Bug, parse_bug
from tojax.source import analyse
from tojax.source.constructs import Construct
from tojax.source.draft_constructs import draft_constructs

_MOST_NAMES = 3
_NAMED = ("call", "method", "attribute")
# Kind and name of a construct, and ``gone``, ``new``, or a keyword that is added (+), dropped (-).
Lesson = frozenset[tuple[str, str, str]]


def without_origin(bugs: Iterable[Bug], source: str) -> tuple[Bug, ...]:
    """The bugs that were not harvested from a PyTorch file, which can then test the rest."""
    origin = origin_of(source)
    return tuple(bug for bug in bugs if bug.source != origin)


def gather(folder: Path, bugs: Sequence[Bug], prove: Prove) -> list[str]:
    """Turn the repairs of a folder into candidate bug files beside them.

    Args:
        folder: holds the repairs; each is removed once it has been looked at.
        bugs: what is known already.
        prove: runs a PyTorch source and a JAX version.

    Returns:
        For each repair that did not become a candidate, why.
    """
    known = [*bugs, *candidates(folder)]
    notes = []
    for path, repair in kept_repairs(folder):
        small = minimised(repair, prove)
        if small is None:
            notes.append(f"{path.name}: it does not prove itself any more")
        elif (twin := _twin(small, known)) is not None:
            notes.append(f"{path.name}: {twin.code} tells the same")
        else:
            code = _free_code(known)
            candidate = folder / f"{_slug(small)}.md"
            write_atomically(candidate, bug_file(small, code).encode())
            known.append(parse_bug(candidate))
        path.unlink()
    return notes


def candidates(folder: Path) -> list[Bug]:
    """The candidate bug files of a folder.

    Raises:
        BugFileError: one of them is not in the format.
    """
    return [parse_bug(path) for path in sorted(folder.glob("*.md"))]


def accept(candidate: Bug, folder: Path) -> Path:
    """Move a candidate among the user's own bugs."""
    folder.mkdir(parents=True, exist_ok=True)
    return candidate.path.rename(folder / candidate.path.name)


def bug_file(repair: Repair, code: str) -> str:
    """A repair in the format of the library."""
    changes = _lesson(repair.broken, repair.fixed)
    title = _title(changes)
    header: dict[str, Any] = {
        "code": code,
        "title": title,
        "severity": "information",
        **_where(repair, changes),
        "broken": repair.failure or "differs",
        "source": repair.origin,
        "tags": ["harvested"],
    }
    why = f"A model's version was wrong here, and this change made it right. {repair.evidence}"
    blocks = {
        "PyTorch": repair.source,
        "Broken JAX": repair.broken,
        "Fixed JAX": repair.fixed,
    }
    sections = "\n".join(
        f"## {name}\n\n```python\n{block.strip()}\n```\n" for name, block in blocks.items()
    )
    text = yaml.safe_dump(header, sort_keys=False, allow_unicode=True, width=100)
    return f"---\n{text}---\n\n## Why\n\n{_flowing(why)}\n\n{sections}"


def _flowing(text: str) -> str:
    """Text that can be taken neither for a heading nor for a fence."""
    return " ".join(text.split()).replace("```", "'''")


def _lesson(broken: str, fixed: str) -> Lesson:
    """What a repair changes."""
    before, after = _constructs(broken), _constructs(fixed)
    gone, new = _by_name(before - after), _by_name(after - before)
    found: set[tuple[str, str, str]] = set()
    for kind, name in gone.keys() | new.keys():
        old_words, new_words = gone.get((kind, name)), new.get((kind, name))
        if old_words is None or new_words is None:
            found.add((kind, name, "new" if old_words is None else "gone"))
        else:
            found |= {(kind, name, f"+{word}") for word in new_words - old_words}
            found |= {(kind, name, f"-{word}") for word in old_words - new_words}
    return frozenset(found)


def _constructs(code: str) -> Counter[tuple[str, str, frozenset[str]]]:
    return Counter(
        (c.kind, c.name, frozenset(a for a in c.arguments if not a.isdigit()))
        for c in draft_constructs(code)
        if c.kind != "import"
    )


def _by_name(
    constructs: Iterable[tuple[str, str, frozenset[str]]],
) -> dict[tuple[str, str], frozenset[str]]:
    """The keywords of the constructs of each kind and name."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for kind, name, keywords in constructs:
        found[kind, name] = found.get((kind, name), frozenset()) | keywords
    return found


def _twin(repair: Repair, bugs: Iterable[Bug]) -> Bug | None:
    """A bug that shows the same changes, among others perhaps."""
    changes = _lesson(repair.broken, repair.fixed)
    for bug in bugs:
        if changes and changes <= _lesson(bug.broken_jax, bug.fixed_jax):
            return bug
    return None


def _title(changes: Lesson) -> str:
    def named(change: str) -> str:
        return ", ".join(sorted(name or kind for kind, name, what in changes if what == change))

    words = [
        f"{name} {'without' if what[0] == '+' else 'with'} {what[1:]}"
        for kind, name, what in sorted(changes)
        if what[0] in "+-"
    ]
    if words:
        return ", ".join(words)
    gone, new = named("gone"), named("new")
    if gone and new:
        return f"{gone} in place of {new}"
    return f"{new} is missing" if new else f"{gone} is wrong" if gone else "Wrong values"


def _where(repair: Repair, changes: Lesson) -> dict[str, Any]:
    """The patterns by which the bug is met: what Broken JAX has and Fixed JAX has not, if any."""
    patterns: list[Any] = []
    for kind, name, what in sorted(changes)[:_MOST_NAMES]:
        if what == "gone":
            patterns.append({kind: name} if name else kind)
        elif what[0] in "+-":
            patterns.append({kind: name, "without" if what[0] == "+" else "argument": what[1:]})
    if patterns:
        return {"detect_jax": patterns}
    used = [c for c in analyse(repair.source).constructs if c.kind in _NAMED and c.name]
    return {"detect": _patterns(used) or [{"import": "torch"}]}


def _patterns(constructs: Iterable[Construct]) -> list[dict[str, str]]:
    found = dict.fromkeys((construct.kind, construct.name) for construct in constructs)
    return [{kind: name} for kind, name in list(found)[:_MOST_NAMES]]


def _free_code(known: Iterable[Bug]) -> str:
    taken = [int(match[1]) for bug in known if (match := re.fullmatch(r"HV(\d+)", bug.code))]
    return f"HV{max(taken, default=100) + 1}"


def _slug(repair: Repair) -> str:
    changes = sorted(_lesson(repair.broken, repair.fixed))
    name = changes[0][1].rpartition(".")[2] if changes else ""
    return f"{name or 'values'}-{repair.digest[:8]}"
