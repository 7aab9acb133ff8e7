"""The four formats of findings; SARIF against a schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tojax.nouns import Finding, Position, Range, Severity
from tojax.report import FindingFormat, render_findings
from tojax.rules.bugs import load_bugs

SCHEMA = json.loads(
    (Path(__file__).parent / "sarif-2.1.0-subset.schema.json").read_text(encoding="utf-8")
)


def finding(**changes: Any) -> Finding:
    values = {
        "code": "TJ112",
        "title": "Branch on the value of an array",
        "message": "Under jit there is no value.",
        "severity": Severity.WARNING,
        "range": Range(start=Position(line=0, column=3), end=Position(line=0, column=8)),
        "filename": "src/a b.py",
    }
    return Finding.model_validate(values | changes)


def test_text_counts_from_one() -> None:
    rendered = render_findings([finding(), finding(filename=None)], FindingFormat.TEXT)
    assert rendered == (
        "src/a b.py:1:4: TJ112 Under jit there is no value.\n"
        "-:1:4: TJ112 Under jit there is no value.\n"
    )


def test_nothing_found_is_no_text() -> None:
    assert render_findings([], FindingFormat.TEXT) == ""
    assert render_findings([], FindingFormat.GITHUB) == ""
    assert json.loads(render_findings([], FindingFormat.JSON)) == []


def test_json_gives_the_nouns_back() -> None:
    findings = [finding(), finding(severity=Severity.HINT, message='"quoted" & ünïcode')]
    rendered = json.loads(render_findings(findings, FindingFormat.JSON))
    assert [Finding.model_validate(item) for item in rendered] == findings


@pytest.mark.parametrize(
    ("severity", "command"),
    [("error", "error"), ("warning", "warning"), ("information", "notice"), ("hint", "notice")],
)
def test_github_command(severity: str, command: str) -> None:
    rendered = render_findings([finding(severity=severity)], FindingFormat.GITHUB)
    assert rendered == (
        f"::{command} file=src/a b.py,line=1,col=4,title=TJ112 Branch on the value of an array"
        "::Under jit there is no value.\n"
    )


def test_github_escapes_what_would_end_a_command() -> None:
    odd = finding(filename="a,b:c%.py", title="x: y, z", message="50 %, a::b\r\nnext")
    rendered = render_findings([odd], FindingFormat.GITHUB)
    assert rendered == (
        "::warning file=a%2Cb%3Ac%25.py,line=1,col=4,title=TJ112 x%3A y%2C z"
        "::50 %25, a::b%0D%0Anext\n"
    )


def _one_of_each_bug() -> list[Finding]:
    return [
        finding(code=bug.code, title=bug.title, message=bug.message, severity=bug.severity)
        for bug in load_bugs()
    ]


@pytest.mark.parametrize(
    "findings",
    [
        [],
        [finding()],
        [finding(code="TJ001", severity="error"), finding(filename="/abs/ü.py"), finding()],
        _one_of_each_bug(),
    ],
    ids=["none", "one", "several", "every bug"],
)
def test_sarif_is_valid(findings: list[Finding]) -> None:
    log = json.loads(render_findings(findings, FindingFormat.SARIF))
    validator = jsonschema.Draft7Validator(
        SCHEMA, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER
    )
    assert [error.message for error in validator.iter_errors(log)] == []


def test_the_schema_refuses_a_broken_log() -> None:
    log = json.loads(render_findings([finding()], FindingFormat.SARIF))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert not jsonschema.Draft7Validator(SCHEMA).is_valid(log)


def test_sarif_says_where_and_links_the_rule() -> None:
    findings = [finding(code="TJ001", severity="error"), finding()]
    run = json.loads(render_findings(findings, FindingFormat.SARIF))["runs"][0]
    result = run["results"][1]
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "src/a%20b.py"
    assert location["region"] == {"startLine": 1, "startColumn": 4, "endLine": 1, "endColumn": 9}
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["TJ001", "TJ112"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "TJ112"
    assert "## Broken JAX" in rules[1]["help"]["markdown"]
    assert [r["level"] for r in run["results"]] == ["error", "warning"]


def test_sarif_names_an_absolute_path_by_a_file_uri() -> None:
    log = json.loads(render_findings([finding(filename="/abs/ü.py")], FindingFormat.SARIF))
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "file:///abs/%C3%BC.py"
