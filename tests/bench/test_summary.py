"""The numbers, worked by hand on a few records."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.bench.records import PLAN, judgement, sample, start, version
from tojax.bench.report import as_csv, as_html, write_reports
from tojax.bench.summary import summarise
from tojax.nouns import Rung

RIGHT, WRONG, CRASHED = version(True), version(False), version(False, Rung.PARSES)
SAMPLES = [
    sample("one", "baseline", 1, WRONG, RIGHT, 0.2),
    sample("one", "baseline", 2, RIGHT, RIGHT, 0.4),
    sample("two", "baseline", 1, CRASHED, WRONG, 0.6),
    sample("two", "baseline", 2, WRONG, WRONG, 0.6),
    sample("one", "retrieved", 1, RIGHT, RIGHT, 0.9),
    sample("one", "retrieved", 2, RIGHT, RIGHT, 0.9),
    sample("two", "retrieved", 1, RIGHT, RIGHT, 0.8),
    sample("two", "retrieved", 2, WRONG, RIGHT, 0.8),
]
JUDGEMENTS = [
    judgement("codetrans", 4),
    judgement("codetrans", None, number=2),
    judgement("fixcost", ("shape", "api")),
    judgement("fixcost", ("shape",), number=2),
    # `retrieved` wins in both orders; then the first place does; then nobody; then nobody knows.
    judgement("comparison", 1),
    judgement("comparison", 2, swapped=True),
    judgement("comparison", 1, number=2),
    judgement("comparison", 1, number=2, swapped=True),
    judgement("comparison", 0, case="two"),
    judgement("comparison", 0, case="two", swapped=True),
    judgement("comparison", 2, case="two", number=2),
    judgement("comparison", None, case="two", number=2, swapped=True),
]


@pytest.fixture(scope="module")
def summary() -> dict[str, Any]:
    """Of both arms."""
    return summarise(PLAN, [start("one"), start("two")], SAMPLES, JUDGEMENTS)


def arm(summary: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in summary["arms"] if each["arm"] == name)


def test_pass_at_k_by_rung(summary: dict[str, Any]) -> None:
    baseline = arm(summary, "baseline")
    assert baseline["pass@k"]["verified"] == {"1": 0.25, "2": 0.5}
    assert baseline["pass@k"]["training step matches"] == {"1": 0.25, "2": 0.5}
    assert baseline["pass@k"]["runs"] == {"1": 0.75, "2": 1}
    assert baseline["pass@k"]["parses"] == {"1": 1, "2": 1}
    assert baseline["pass@k after repair"]["verified"] == {"1": 0.5, "2": 0.5}
    assert arm(summary, "retrieved")["pass@k"]["verified"] == {"1": 0.75, "2": 1}


def test_means(summary: dict[str, Any]) -> None:
    baseline = arm(summary, "baseline")
    assert baseline["codebleu"]["score"] == pytest.approx(0.45)
    assert baseline["codebleu"]["dataflow"] is None
    assert baseline["fix cost"]["known"] == 2
    assert (baseline["cases"], baseline["samples"], baseline["prompt tokens"]) == (2, 4, 10)


def test_tests_are_paired_by_case(summary: dict[str, Any]) -> None:
    rows = {row["metric"]: row for row in summary["comparisons"]}
    passed = rows["pass"]
    assert (passed["first"], passed["second"], passed["pairs"]) == ("baseline", "retrieved", 2)
    assert passed["difference"] == 1  # of the first samples, none and both
    assert passed["p_value"] == passed["p_holm"] == 0.5  # two coins that fall alike
    assert rows["codebleu"]["difference"] == pytest.approx(((0.9 - 0.3) + (0.8 - 0.6)) / 2)
    assert rows["places to fix"]["pairs"] == 1  # `two` was never repaired in the baseline


def test_judges_stand_apart(summary: dict[str, Any]) -> None:
    judged = arm(summary, "retrieved")["judged"]
    assert judged["codetrans"] == 4  # what cannot be read is not in the mean
    assert judged["fixes needed"] == 1.5
    assert judged["kinds of fixes"] == {"api": 1, "shape": 2}
    assert judged["comparison"] == {
        "against": "baseline",
        "won": 1,
        "lost": 0,
        "tie": 1,
        "orders disagree": 1,
        "unreadable": 1,
    }
    assert arm(summary, "baseline")["judged"]["comparison"] is None
    assert {row["metric"] for row in summary["comparisons"] if row["judged"]} <= {
        "codetrans",
        "fixes needed",
    }


def test_how_far_judges_can_be_trusted(summary: dict[str, Any]) -> None:
    judges = {each["metric"]: each for each in summary["judges"]}
    assert (judges["codetrans"]["asked"], judges["codetrans"]["unreadable"]) == (2, 1)
    places = judges["comparison"]
    assert (places["first place won"], places["second place won"], places["ties"]) == (3, 2, 2)
    assert places["position bias"] == pytest.approx(3 / 5 - 0.5)


def test_a_lost_comparison() -> None:
    both = [judgement("comparison", 2), judgement("comparison", 1, swapped=True)]
    summary = summarise(PLAN, [start("one")], SAMPLES, both)
    assert arm(summary, "retrieved")["judged"]["comparison"]["lost"] == 1


def test_only_times_depend_on_the_machine() -> None:
    slow = version(True).model_copy(update={"jax_seconds": 99, "torch_seconds": 99})
    changed = [
        each.model_copy(
            update={"final": slow if each.final.passed else each.final, "seconds": 7.0}
            | {"model_seconds": 8.0}
        )
        for each in SAMPLES
    ]
    one, two = (summarise(PLAN, [start("one")], each, JUDGEMENTS) for each in (SAMPLES, changed))
    assert one.pop("times") != two.pop("times")
    assert json.dumps(one) == json.dumps(two)


def test_the_page_needs_nothing_else_and_puts_judges_last(
    summary: dict[str, Any], tmp_path: Path
) -> None:
    page = as_html(summary)
    assert page == as_html(summary)
    for reference in ("src=", "<link", "@import", "url(http", "<script"):
        assert reference not in page
    headings = ["Passed", "CodeBLEU", "Effort and time", "Tests", "Judged by models", "Samples"]
    places = [page.index(f"<h2>{heading}</h2>") for heading in headings]
    assert places == sorted(places)
    before_judges = page[: page.index("Judged by models")]
    assert "codetrans" not in before_judges and "(judged)" not in before_judges
    assert page.count("<svg") == page.count("</svg>") == 10
    assert [path.name for path in write_reports(summary, tmp_path)] == [
        "report.json",
        "samples.csv",
        "report.html",
    ]
    assert json.loads((tmp_path / "report.json").read_text()) == json.loads(json.dumps(summary))
    assert (tmp_path / "report.html").read_text() == page


def test_names_from_outside_are_escaped() -> None:
    plan = PLAN.model_copy(update={"models": ("<b>",)})
    samples = [each.model_copy(update={"model": "<b>"}) for each in SAMPLES]
    assert "<b>" not in as_html(summarise(plan, [start("one")], samples, []))


def test_a_line_for_each_sample(summary: dict[str, Any]) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(summary))))
    assert len(rows) == len(SAMPLES)
    assert rows[0]["status"] == "differs" and rows[0]["status after repair"] == "verified"
    assert rows[0]["jax seconds"] == "0.5"


def test_without_any_sample_there_still_is_a_report(tmp_path: Path) -> None:
    dead = start("one").model_copy(update={"runs": False})
    summary = summarise(PLAN, [dead], [], [])
    assert "Left out: one" in as_html(summary)
    assert as_csv(summary) == ""
