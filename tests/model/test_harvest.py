"""From a confirmed repair to a bug file: small, proven, not known already."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.model.ollama_double import Answer, OllamaDouble
from tests.model.test_engine import answer
from tests.process import run_tojax
from tojax.model.harvest import accept, candidates, gather, without_origin
from tojax.model.lint import suspicions
from tojax.model.minimise import minimised
from tojax.model.repairs import Repair, keep, kept_repairs, origin_of
from tojax.model.statements import needed_for
from tojax.nouns import Rung, Verdict
from tojax.rules.bugs import load_bugs
from tojax.verify.single import verify_sources
from tojax.verify.workers import Workers

SOURCE = """\
import torch
import torch.nn as nn

LIMIT = 3.0


# A comment of its own.
# tojax: inputs=(float32[4, 3],)
def bounded(x):
    return x.clamp(-LIMIT, LIMIT)


def rows():
    return torch.tensor([[1.0, 5.0], [2.0, 7.0]])


# tojax: inputs=(rows(),)
def ranks(x):
    return x.argsort(dim=1, descending=True)
"""
FIXED = """\
import jax.numpy as jnp
import math

LIMIT = 3.0


def bounded(x):
    return jnp.clip(x, -LIMIT, LIMIT)


def ranks(x):
    order = jnp.argsort(x, axis=1)
    return jnp.flip(order, axis=1)
"""
BROKEN = FIXED.replace("jnp.flip(order, axis=1)", "jnp.flip(order, axis=0)").replace(
    "    order = jnp.argsort(x, axis=1)", "    order = jnp.argsort(x, 1)"
)


def repair(broken: str = BROKEN, fixed: str = FIXED, source: str = SOURCE) -> Repair:
    return Repair(
        source=source,
        broken=broken,
        fixed=fixed,
        failure="differs",
        evidence="outputs match: output: PyTorch gives 1, JAX 0 at [0, 0]",
        origin=origin_of(source),
    )


@pytest.fixture
def prove(workers: Workers):  # type: ignore[no-untyped-def]
    def run(source: str, version: str) -> Verdict:
        return verify_sources(source, version, device="cpu", workers=workers, seeds=(0,))

    return run


def test_what_a_name_needs() -> None:
    assert needed_for(SOURCE, ["ranks"]) == (
        "import torch\n\n\ndef rows():\n    return torch.tensor([[1.0, 5.0], [2.0, 7.0]])\n\n\n"
        "# tojax: inputs=(rows(),)\ndef ranks(x):\n    return x.argsort(dim=1, descending=True)\n"
    )
    assert needed_for(FIXED, ["bounded"]).startswith(
        "import jax.numpy as jnp\nLIMIT = 3.0\n\n\ndef"
    )
    assert needed_for(SOURCE, ["nothing"]) == ""


def test_the_smallest_pair_that_proves_itself(prove) -> None:  # type: ignore[no-untyped-def]
    small = minimised(repair(), prove)
    assert small is not None
    assert "bounded" not in small.source + small.broken + small.fixed
    assert "math" not in small.fixed and "rows()" in small.source
    assert small.broken == small.fixed.replace("flip(order, axis=1)", "flip(order, axis=0)")
    assert prove(small.source, small.broken).status == "differs"
    assert prove(small.source, small.fixed).status == "verified"
    assert small.origin == origin_of(SOURCE)


def test_what_does_not_prove_itself_is_no_repair(prove) -> None:  # type: ignore[no-untyped-def]
    assert minimised(repair(broken=FIXED), prove) is None
    assert minimised(repair(fixed=BROKEN), prove) is None


def test_what_must_not_run_is_not_run() -> None:
    def never(source: str, version: str) -> Verdict:
        raise AssertionError("it was run")

    assert minimised(repair(broken=f"import os\n{BROKEN}"), never) is None
    assert minimised(repair(broken="def f(:\n"), never) is None
    assert minimised(repair().model_copy(update={"source": "def f(:\n"}), never) is None


def judge(source: str, version: str) -> Verdict:
    """Knows that whoever flips the wrong axis, or divides by n, is wrong."""
    wrong = "axis=0)" in version or ("std(" in version and "ddof" not in version)
    return Verdict(
        target="ranks" if "ranks" in version else "spread",
        status="differs" if wrong else "verified",
        rung=Rung.RUNS,
    )


def test_a_candidate_is_a_bug_file_that_meets_its_own_broken_code(tmp_path: Path) -> None:
    keep(repair(), tmp_path)
    assert gather(tmp_path, load_bugs(), judge) == []
    assert kept_repairs(tmp_path) == []
    (bug,) = candidates(tmp_path)
    assert bug.code == "HV101" and bug.source == origin_of(SOURCE) and bug.tags == ("harvested",)
    assert "PyTorch gives 1, JAX 0" in bug.message
    assert bug.fixed_jax.startswith("import jax.numpy") and "ranks" in bug.pytorch
    met = suspicions(bug.broken_jax, [bug]) if bug.detect_jax else bug.detect
    assert met


SPREAD = "import torch\n\n\n# tojax: inputs=(float32[3],)\ndef spread(x):\n    return x.std(0)\n"
SPREAD_FIXED = (
    "import jax.numpy as jnp\n\n\ndef spread(x):\n    return jnp.std(x, axis=0, ddof=1)\n"
)


def test_what_the_library_tells_is_no_candidate(tmp_path: Path) -> None:
    known = repair(SPREAD_FIXED.replace(", ddof=1", ""), SPREAD_FIXED, SPREAD)
    keep(known, tmp_path)
    (note,) = gather(tmp_path, load_bugs(), judge)
    assert "TJ139 tells the same" in note
    assert candidates(tmp_path) == [] and kept_repairs(tmp_path) == []
    keep(known, tmp_path)
    others = [bug for bug in load_bugs() if bug.code != "TJ139"]
    assert gather(tmp_path, others, judge) == []
    (bug,) = candidates(tmp_path)
    assert bug.title == "jax.numpy.std without ddof"
    assert suspicions(bug.broken_jax, [bug]) and not suspicions(bug.fixed_jax, [bug])
    keep(known.model_copy(update={"evidence": "again"}), tmp_path)
    (note,) = gather(tmp_path, others, judge)
    assert "HV101 tells the same" in note


def test_leaving_one_out(tmp_path: Path) -> None:
    keep(repair(), tmp_path)
    gather(tmp_path, load_bugs(), judge)
    bugs = [*load_bugs(), *candidates(tmp_path)]
    assert [bug.code for bug in without_origin(bugs, SPREAD)] == [bug.code for bug in bugs]
    commented = SOURCE.replace("LIMIT = 3.0", "LIMIT = 3.0  # a comment")
    assert len(without_origin(bugs, commented)) == len(bugs) - 1


def test_an_accepted_candidate_is_one_of_the_users_bugs(tmp_path: Path) -> None:
    keep(repair(), tmp_path / "harvest")
    gather(tmp_path / "harvest", load_bugs(), judge)
    (bug,) = candidates(tmp_path / "harvest")
    accept(bug, tmp_path / "bugs")
    assert candidates(tmp_path / "harvest") == []
    assert load_bugs(tmp_path / "bugs")[0].code == "HV101"


def test_files_of_another_kind_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text('{"a": 1}')
    (tmp_path / "broken.json").write_text("{")
    assert gather(tmp_path, load_bugs(), judge) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.json", "mine.json"]


def test_from_a_translation_to_a_bug_of_ones_own(tmp_path: Path) -> None:
    def tojax(*arguments: str) -> tuple[int, str, str]:
        done = run_tojax(*arguments, cwd=tmp_path, timeout=240)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    (tmp_path / "model.py").write_text(SOURCE)
    replies = iter([answer(BROKEN), answer(FIXED)])
    with OllamaDouble(lambda request: Answer(next(replies))) as double:
        host = ["--host", double.url]
        status, out, errors = tojax("translate", "model.py", "--engine", "model", *host)
    assert status == 0 and out == FIXED, errors
    status, out, errors = tojax("rules", "harvest")
    assert status == 0 and errors == ""
    name, _, title = out.strip().partition("  ")
    assert title and "\n" not in title
    status, out, _ = tojax("rules", "harvest", name)
    assert status == 0 and "## Fixed JAX" in out and "axis=1" in out
    status, out, _ = tojax("rules", "harvest", name, "--keep")
    assert status == 0 and (tmp_path / ".tojax" / "bugs" / f"{name}.md").is_file()
    status, out, _ = tojax("rules", "harvest")
    assert (status, out) == (0, "")
    status, _, errors = tojax("rules", "harvest", name)
    assert status == 2 and name in errors
