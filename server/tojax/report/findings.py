"""Findings as text, JSON, SARIF 2.1.0 or GitHub workflow commands.

Findings count from zero; text, SARIF and GitHub show lines and columns from one. JSON is the nouns
as they are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum

from tojax.nouns import Finding, Severity
from tojax.report.sarif import sarif_log

_GITHUB_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "notice",
    Severity.HINT: "notice",
}


class FindingFormat(StrEnum):
    """What ``tojax check --output-format`` offers."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


def render_findings(findings: Sequence[Finding], format: FindingFormat) -> str:
    """All findings in one format; lines end with a newline, no findings in text give ``""``."""
    match format:
        case FindingFormat.TEXT:
            return "".join(f"{_text_line(finding)}\n" for finding in findings)
        case FindingFormat.GITHUB:
            return "".join(f"{_github_command(finding)}\n" for finding in findings)
        case FindingFormat.JSON:
            return json.dumps([finding.model_dump(mode="json") for finding in findings], indent=2)
        case FindingFormat.SARIF:
            return json.dumps(sarif_log(findings), indent=2)


def _text_line(finding: Finding) -> str:
    start = finding.range.start
    place = f"{finding.filename or '-'}:{start.line + 1}:{start.column + 1}"
    return f"{place}: {finding.code} {finding.message}"


def _github_command(finding: Finding) -> str:
    start = finding.range.start
    properties = {
        "file": finding.filename or "-",
        "line": str(start.line + 1),
        "col": str(start.column + 1),
        "title": f"{finding.code} {finding.title}",
    }
    listed = ",".join(f"{name}={_escape_property(text)}" for name, text in properties.items())
    return f"::{_GITHUB_COMMANDS[finding.severity]} {listed}::{_escape_data(finding.message)}"


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
