"""The report of an experiment: JSON, CSV, and one HTML page that needs nothing else."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from tojax.bench import plots
from tojax.files import write_atomically

Summary = Mapping[str, Any]
Row = Mapping[str, Any]


def write_reports(summary: Summary, folder: Path) -> list[Path]:
    """Write ``report.json``, ``samples.csv`` and ``report.html``.

    Args:
        summary: of `tojax.bench.summary.summarise`.
        folder: exists.

    Raises:
        OSError: a file cannot be written.
    """
    texts = {
        "report.json": json.dumps(summary, indent=1, allow_nan=False) + "\n",
        "samples.csv": as_csv(summary),
        "report.html": as_html(summary),
    }
    for name, text in texts.items():
        write_atomically(folder / name, text.encode())
    return [folder / name for name in texts]


def as_csv(summary: Summary) -> str:
    """A line for each sample."""
    times = summary["times"]["samples"]
    rows = [{**one, **two} for one, two in zip(summary["samples"], times, strict=True)]
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return text.getvalue()


_TITLE = "PyTorch to JAX: what models translate"
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; font-size: 13px; }
table { display: block; overflow: auto; }
th, td { border-bottom: 1px solid #ccc; padding: .25rem .6rem; text-align: right; }
th:first-child, td:first-child { text-align: left; }
svg { max-width: 100%; height: auto; }
.judged { border-left: 4px solid #b8860b; padding-left: 1rem; }
"""


def as_html(summary: Summary) -> str:
    """The page: execution first, what judges say last and marked."""
    sections = (_passed, _closeness, _effort, _tests, _judged, _samples)
    parts = [f"<h1>{_TITLE}</h1>", *_head(summary)]
    if summary["arms"]:
        parts += [part for section in sections for part in section(summary)]
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{_TITLE}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _head(summary: Summary) -> Iterator[str]:
    plan, cases = summary["plan"], summary["cases"]
    run = [case for case in cases if case["runs"]]
    by_rules = sum(case["rules"] == "verified" for case in run)
    yield _text(
        f"{len(run)} cases, {plan['samples']} samples each; tojax {plan['tojax']}, seed "
        f"{plan['seed']}, temperature {plan['temperature']}, at most {plan['rounds']} answers. "
        f"The rules alone, without any model: {by_rules} of {len(run)} verified."
    )
    for case in cases:
        if not case["runs"]:
            yield _text(f"Left out: {case['case']}. {case['message']}")


def _passed(summary: Summary) -> Iterator[str]:
    arms = summary["arms"]
    yield "<h2>Passed</h2>"
    yield _text(
        "A version passes when it is verified: every rung of the ladder that applies, on two sets "
        "of inputs. First answers are taken as they came, so that they depend on the prompt "
        "alone; after repair, further answers with evidence count too, and what the loop corrects "
        "by itself, with the rules, in every arm. In "
        "the arm auto the model's version is taken only where it is verified, else the rules' own."
    )
    for which, words in (("pass@k", "first answers"), ("pass@k after repair", "after repair")):
        interval = f"{which.replace('@k', '@1')} interval"
        yield f"<h3>{words.capitalize()}</h3>"
        yield plots.bars(
            arms,
            lambda arm, which=which: float(arm[which]["verified"]["1"]),  # type: ignore[misc]
            f"Verified, {words}",
            "pass@1",
            lambda arm, interval=interval: arm[interval],  # type: ignore[misc]
        )
        yield plots.ladder(arms, which, f"pass@1 by rung, {words}")
        levels = list(arms[0][which])
        yield _table(
            [
                {
                    "arm": plots.name(arm),
                    **{level: arm[which][level]["1"] for level in levels},
                    "95 %": arm[interval],
                }
                for arm in arms
            ]
        )
        if summary["plan"]["samples"] > 1:
            yield plots.pass_by_k(arms, which, f"pass@k, {words}")
            yield _table(
                [
                    {
                        "arm": plots.name(arm),
                        **{f"pass@{k}": share for k, share in arm[which]["verified"].items()},
                    }
                    for arm in arms
                ]
            )


def _closeness(summary: Summary) -> Iterator[str]:
    arms = [arm for arm in summary["arms"] if arm["codebleu"]["score"] is not None]
    if arms:
        yield "<h2>CodeBLEU</h2>"
        yield _text(
            "Of first answers, with the given reference or the rules' verified translation. Where "
            "that is the reference, the arm auto has no score (it would be compared with itself); "
            "its mean is over the other cases."
        )
        yield plots.bars(arms, lambda arm: float(arm["codebleu"]["score"]), "CodeBLEU", "0 to 1")
        yield _table([{"arm": plots.name(arm), **arm["codebleu"]} for arm in arms])


_SPENT = ("answers", "fixed bugs told", "parts left out", "prompt tokens", "output tokens")


def _effort(summary: Summary) -> Iterator[str]:
    yield "<h2>Effort and time</h2>"
    yield _text(
        "Fix cost, measured: the edit from the first answer to its verified repair, where there is "
        "one. Fixed bugs told and parts left out are those of the first prompt: what a model's "
        "context has no room for is left out. Run time is that of one call of the final version, "
        "compiled; seconds are means."
    )
    times = {(each["model"], each["arm"]): each for each in summary["times"]["arms"]}
    rows = []
    for arm in summary["arms"]:
        fixes = {f"fix: {name}": value for name, value in arm["fix cost"].items()}
        spent = {name: arm[name] for name in _SPENT}
        took = times[arm["model"], arm["arm"]]
        seconds = {name: value for name, value in took.items() if name not in ("model", "arm")}
        rows.append({"arm": plots.name(arm), **fixes, **spent, **seconds})
    yield _table(rows)
    yield plots.bars(
        summary["arms"],
        lambda arm: times[arm["model"], arm["arm"]]["jax seconds"],
        "Run time of the produced code",
        "seconds",
    )


def _tests(summary: Summary) -> Iterator[str]:
    yield "<h2>Tests</h2>"
    yield _text(
        "Pairs of arms on the same cases, second minus first. McNemar's test takes the first "
        "sample of each case, Wilcoxon's the mean of each case. Holm's correction is within each "
        "metric; intervals are bootstrapped over cases."
    )
    executed = [row for row in summary["comparisons"] if not row["judged"]]
    yield _table([_test(row) for row in (*executed, *summary["times"]["comparisons"])])


def _test(row: Row) -> Row:
    return {
        "metric": row["metric"],
        "model": row["model"],
        "arms": f"{row['second']} - {row['first']}",
        "test": row["test"],
        "pairs": row["pairs"],
        "difference": row["difference"],
        "95 %": row["interval"],
        "effect": row["effect"],
        "p": row["p_value"],
        "p (Holm)": row["p_holm"],
    }


def _judged(summary: Summary) -> Iterator[str]:
    if not summary["judges"]:
        return
    arms = summary["arms"]
    yield '<div class="judged">'
    yield "<h2>Judged by models</h2>"
    yield _text(
        "Opinions of models on first answers that held code; nothing above rests on them. "
        "CodeTrans: 0 to 4, higher is better. Fixes needed: as the judge counts them. In "
        "comparisons an arm wins only if it does in both orders."
    )
    plotted = (("codetrans", "0 to 4"), ("fixes needed", "number"))
    for metric, unit in plotted:
        yield plots.bars(arms, lambda arm, m=metric: arm["judged"][m], f"{metric} (judged)", unit)  # type: ignore[misc]
    yield _table(
        [
            {
                "arm": plots.name(arm),
                **{f"{metric} (judged)": arm["judged"][metric] for metric, _ in plotted},
                "kinds of fixes": ", ".join(
                    f"{kind} {count}" for kind, count in arm["judged"]["kinds of fixes"].items()
                ),
            }
            for arm in arms
        ]
    )
    compared = [(arm, arm["judged"]["comparison"]) for arm in arms]
    yield _table([{"arm": plots.name(arm), **found} for arm, found in compared if found])
    yield _table([_test(row) for row in summary["comparisons"] if row["judged"]])
    yield "<h3>The judges</h3>"
    yield _text(
        "Unreadable answers stand for nothing. Position bias: how often the first place wins "
        "what is decided, less a half. A model that judges itself may favour itself."
    )
    yield _table(summary["judges"])
    yield "</div>"


def _samples(summary: Summary) -> Iterator[str]:
    yield "<h2>Samples</h2>"
    columns = ("case", "model", "arm", "sample", "status", "rung", "status after repair", "ended")
    yield _table([{name: sample[name] for name in columns} for sample in summary["samples"]])


def _table(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    lines = (
        "<tr>" + "".join(f"<td>{escape(_shown(row.get(name)))}</td>" for name in columns) + "</tr>"
        for row in rows
    )
    return f"<table>\n<tr>{head}</tr>\n" + "\n".join(lines) + "\n</table>"


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, (list, tuple)):
        return " to ".join(map(_shown, value))
    return str(value)


def _text(text: str) -> str:
    return f"<p>{escape(text)}</p>"
