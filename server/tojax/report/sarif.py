"""Findings as a SARIF 2.1.0 log (OASIS standard), with the bug pages as help of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from tojax.nouns import Finding, Range, Severity
from tojax.rules.bugs import Bug, load_bugs

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "note",
    Severity.HINT: "note",
}


def sarif_log(findings: Sequence[Finding]) -> dict[str, Any]:
    """One run of the tool; its rules are the codes that were found."""
    found = {finding.code: finding for finding in findings}
    codes = sorted(found)
    bugs = {bug.code: bug for bug in load_bugs()}
    driver: dict[str, Any] = {
        "name": "tojax",
        "rules": [_rule(found[code], bugs.get(code)) for code in codes],
    }
    with suppress(PackageNotFoundError):  # run from a checkout
        driver["version"] = version("tojax")
    results = [_result(finding, codes.index(finding.code)) for finding in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(finding: Finding, bug: Bug | None) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": finding.code,
        "shortDescription": {"text": finding.title},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
    }
    if bug is None:  # a syntax error, or a bug of the user's own
        return rule
    return rule | {
        "name": bug.slug,
        "fullDescription": {"text": bug.message},
        "help": {"text": bug.why, "markdown": bug.page},
        "helpUri": bug.source,
        "properties": {"tags": list(bug.tags)},
    }


def _result(finding: Finding, rule_index: int) -> dict[str, Any]:
    location = {
        "artifactLocation": {"uri": _uri(finding.filename or "-")},
        "region": _region(finding.range),
    }
    return {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": location}],
    }


def _region(place: Range) -> dict[str, int]:
    return {
        "startLine": place.start.line + 1,
        "startColumn": place.start.column + 1,
        "endLine": place.end.line + 1,
        "endColumn": place.end.column + 1,
    }


def _uri(filename: str) -> str:
    """A relative path stays relative, percent-encoded; an absolute one becomes a ``file:`` URI."""
    path = PurePath(filename)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
