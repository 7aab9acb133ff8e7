"""The whole command against a model server: all arms, all metrics, and a kill in the middle."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bench.tiny import JUDGE, WRITER, script, write_cases
from tests.model.ollama_double import Answer, ChatRequest, OllamaDouble
from tests.process import environment, run_tojax
from tojax.bench.arms import ARMS
from tojax.bench.records import RECORDS, Sample
from tojax.model.engine import translate_with_model
from tojax.model.settings import ModelSettings
from tojax.verify import verify

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_cases(tmp_path_factory.mktemp("experiment") / "cases")


@pytest.fixture(scope="module")
def double() -> Iterator[OllamaDouble]:
    with OllamaDouble(script) as server:
        yield server


def command(cases: Path, out: Path, url: str, *more: str | Path) -> list[str | Path]:
    """The arguments of ``tojax``."""
    models = ["--model", WRITER, "--judge", JUDGE, "--host", url]
    options = ["--cases", cases, *models, "--samples", "2", "--out", out]
    return ["bench", "experiment", *options, *more]


@pytest.fixture(scope="module")
def uninterrupted(cases: Path, double: OllamaDouble) -> Path:
    out = cases.parent / "uninterrupted"
    done = run_tojax(*command(cases, out, double.url))
    assert done.returncode == 0, done.stderr.decode()
    assert b"helper is left out: nothing to run it with" in done.stderr
    assert f"{WRITER} baseline: pass@1 0.000, after repair 1.000" in done.stdout.decode()
    return out


def report(out: Path) -> dict[str, Any]:
    """What does not depend on the machine."""
    found: dict[str, Any] = json.loads((out / "report.json").read_text())
    del found["times"]
    return found


def samples(out: Path) -> list[Sample]:
    records = map(RECORDS.validate_json, (out / "journal.jsonl").read_bytes().splitlines())
    return [record for record in records if isinstance(record, Sample)]


def test_all_arms_and_metrics(uninterrupted: Path) -> None:
    found = report(uninterrupted)
    arms = {each["arm"]: each for each in found["arms"]}
    first = {name: arm["pass@k"]["verified"] for name, arm in arms.items()}
    assert first == {
        "baseline": {"1": 0, "2": 0},
        "augmented": {"1": 0.25, "2": 0.5},
        "retrieved": {"1": 1, "2": 1},
        "auto": {"1": 1, "2": 1},
    }
    for arm in arms.values():
        assert arm["pass@k after repair"]["verified"] == {"1": 1, "2": 1}
        assert arm["codebleu"]["score"] is not None
        assert arm["judged"]["codetrans"] is not None
    assert arms["auto"]["answers"] == 0.5  # `deviation` is left to the rules
    assert [(case["case"], case["rules"], case["reference"]) for case in found["cases"]] == [
        ("deviation", "verified", "rules"),
        ("shifted", "differs", "file"),
    ]
    tested = Counter(row["metric"] for row in found["comparisons"])
    pairs = 6  # of four arms
    assert tested.keys() == {
        "pass",
        "pass after repair",
        "codebleu",
        "places to fix",
        "codetrans",
        "fixes needed",
    }
    assert tested["pass"] == tested["codebleu"] == tested["codetrans"] == pairs
    judges = {each["metric"]: each for each in found["judges"]}
    assert judges["fixcost"]["unreadable"] == 3  # those who cannot count
    assert judges["comparison"]["position bias"] > 0
    assert arms["retrieved"]["judged"]["comparison"]["orders disagree"] > 0
    assert "<svg" in (uninterrupted / "report.html").read_text()
    assert len((uninterrupted / "samples.csv").read_text().splitlines()) == 1 + 2 * 4 * 2


def test_what_passed_is_right(cases: Path, uninterrupted: Path) -> None:
    """Judged anew from the journal: each version by a run of its own."""
    seen: set[tuple[str, str]] = set()
    for sample in samples(uninterrupted):
        source = (cases / f"{sample.case}.py").read_text()
        for version in (sample.first, sample.final):
            if version.code and (sample.case, version.code) not in seen:
                seen.add((sample.case, version.code))
                verdict = verify(source, version.code, device="cpu")
                assert (verdict.status == "verified") == version.passed, version.code


def test_auto_is_what_the_engine_does(
    cases: Path, uninterrupted: Path, double: OllamaDouble
) -> None:
    settings = ModelSettings(host=double.url, model=WRITER)
    for sample in samples(uninterrupted):
        if (sample.arm, sample.number) == ("auto", 1):
            source = (cases / f"{sample.case}.py").read_text()
            made = translate_with_model(source, engine="auto", settings=settings, device="cpu")
            assert made.code == sample.final.code


def test_a_killed_experiment_goes_on_where_it_was(cases: Path, uninterrupted: Path) -> None:
    out = cases.parent / "killed"
    journal = out / "journal.jsonl"
    with OllamaDouble(script) as double:
        arguments = command(cases, out, double.url)
        process = subprocess.Popen(
            [sys.executable, "-m", "tojax", *map(str, arguments)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
        wait_for_lines(journal, 8, process)
        process.kill()
        process.wait()
        kept = journal.read_bytes()
        assert not (out / "report.json").exists()
        asked_before = _settled(double)

        refused = run_tojax(*arguments)
        assert refused.returncode == 2 and b"--resume" in refused.stderr
        assert len(refused.stderr.decode().strip().splitlines()) == 2  # with what is left out
        assert journal.read_bytes() == kept

        done = run_tojax(*arguments, "--resume")
        assert done.returncode == 0, done.stderr.decode()
        asked = len(double.chats) - asked_before
    whole = kept[: kept.rfind(b"\n") + 1]
    assert journal.read_bytes().startswith(whole)
    assert json.dumps(report(out)) == json.dumps(report(uninterrupted))
    in_all = sum(sample.asked for sample in samples(out)) + _judged(out)
    of_kept = [RECORDS.validate_json(line) for line in whole.splitlines()]
    assert asked == in_all - sum(each.asked for each in of_kept if isinstance(each, Sample))
    strip = [each.model_dump(exclude=TIMES) for each in samples(out)]
    assert strip == [each.model_dump(exclude=TIMES) for each in samples(uninterrupted)]


TIMES = {
    "seconds": True,
    "model_seconds": True,
    "first": {"torch_seconds", "jax_seconds"},
    "final": {"torch_seconds", "jax_seconds"},
}


def _settled(double: OllamaDouble) -> int:
    """How many requests came, once what a killed process has sent last has arrived too."""
    before = -1
    while before != len(double.chats) or not all(r.finished.is_set() for r in double.requests):
        before = len(double.chats)
        time.sleep(0.5)
    return before


def _judged(out: Path) -> int:
    return (out / "journal.jsonl").read_text().count('"kind":"judgement"')


def wait_for_lines(path: Path, lines: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a file has so many lines, for two minutes."""
    end = time.monotonic() + 120
    while not path.exists() or path.read_bytes().count(b"\n") < lines:
        assert process.poll() is None, "it ended too soon"
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.02)


def test_a_report_can_be_made_again_without_a_server(cases: Path, uninterrupted: Path) -> None:
    before = {path.name: path.read_bytes() for path in uninterrupted.iterdir()}
    done = run_tojax(*command(cases, uninterrupted, "http://127.0.0.1:9", "--resume"))
    assert done.returncode == 0, done.stderr.decode()
    assert {path.name: path.read_bytes() for path in uninterrupted.iterdir()} == before


def test_a_model_that_is_not_there_is_told_before_anything_is_done(
    cases: Path, tmp_path: Path, double: OllamaDouble
) -> None:
    chats = len(double.chats)
    done = run_tojax(*command(cases, tmp_path / "out", double.url, "--model", "no-such-model"))
    assert done.returncode == 2
    assert b"ollama pull no-such-model" in done.stderr
    assert len(double.chats) == chats and not samples(tmp_path / "out")


def test_a_server_that_goes_away_costs_nothing_that_was_done(cases: Path, tmp_path: Path) -> None:
    def gone(request: ChatRequest) -> Answer:
        return script(request) if request.number < 2 else Answer(status=500, error="out of memory")

    out = tmp_path / "out"
    with OllamaDouble(gone) as double:
        failed = run_tojax(*command(cases, out, double.url, "--limit", "1", "--arm", "retrieved"))
    assert failed.returncode == 2
    assert b"out of memory" in failed.stderr and b"--resume goes on" in failed.stderr
    assert len(samples(out)) == 2
    assert not (out / "report.json").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--arm", "best"], "there is no arm 'best': baseline, augmented, retrieved, auto"),
        (["--cases", "nowhere"], "nowhere: no such file or directory"),
        (["--cases", "."], ".: no PyTorch file that can be run"),
        (["--cases", "broken"], "broken/bad.py:1:6: syntax error"),
        (["--cases", "good"], "Ollama"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "bad.py").write_text("def f:\n")
    write_cases(tmp_path / "good")
    (tmp_path / "good" / "helper.py").unlink()
    (tmp_path / "good" / "shifted.py").unlink()
    host = ["--host", "http://127.0.0.1:9", "--out", "out"]
    done = run_tojax("bench", "experiment", *host, *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert len(done.stderr.decode().strip().splitlines()) == 1


def test_every_arm_can_be_named() -> None:
    assert list(ARMS) == ["baseline", "augmented", "retrieved", "auto"]
