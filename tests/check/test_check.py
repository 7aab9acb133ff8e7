"""``check`` on real source."""

from __future__ import annotations

import ast
import sysconfig
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

import pytest

from tojax.check import SYNTAX_ERROR, check
from tojax.nouns import Severity
from tojax.rules.bugs import Bug, load_bugs

MODEL = """import torch
from torch import nn

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(4, momentum=0.1)

    def forward(self, x: torch.Tensor):
        x[0] = 1.0
        if x.sum() > 0:
            x = x * 2
        return self.norm(x)
"""


def _codes(source: str) -> list[str]:
    return [finding.code for finding in check(source)]


def test_findings_come_in_order_of_position_with_their_ranges() -> None:
    findings = check(MODEL, filename="model.py")
    places = [(f.range.start.line, f.code) for f in findings]
    assert places == [(6, "TJ110"), (6, "TJ111"), (9, "TJ101"), (10, "TJ112")]
    assert {f.filename for f in findings} == {"model.py"}
    lines = MODEL.splitlines()
    start, end = findings[0].range.start, findings[0].range.end
    assert lines[6][start.column : end.column].startswith("nn.BatchNorm1d")


def test_ignore_comments() -> None:
    silenced = MODEL.replace("x[0] = 1.0", "x[0] = 1.0  # tojax: ignore[TJ101]").replace(
        "momentum=0.1)", "momentum=0.1)  # tojax: ignore"
    )
    assert _codes(silenced) == ["TJ112"]


def test_a_syntax_error_is_a_finding_and_the_other_blocks_are_checked() -> None:
    findings = check(MODEL + "\ndef broken(:\n    pass\n\n\ny = torch.zeros(3)\ny[0] = 1\n")
    assert [f.code for f in findings] == [
        "TJ110",
        "TJ111",
        "TJ101",
        "TJ112",
        SYNTAX_ERROR,
        "TJ101",
    ]
    error = findings[4]
    assert error.severity is Severity.ERROR
    assert error.range.start.line == MODEL.count("\n") + 1
    assert error.message


@pytest.mark.parametrize("source", ["", "x[0] = 1\nif x > 0:\n    pass\n", "import numpy as np\n"])
def test_nothing_without_pytorch(source: str) -> None:
    assert check(source) == []


@pytest.mark.parametrize("bug", [b for b in load_bugs() if b.detect], ids=lambda bug: bug.slug)
def test_a_bug_is_found_in_its_own_example(bug: Bug) -> None:
    assert bug.code in _codes(bug.pytorch)


def test_a_users_bug_is_found(tmp_path: Path) -> None:
    library = load_bugs()[0].path.read_text(encoding="utf-8")
    (tmp_path / "mine.md").write_text(library.replace("code: TJ101", "code: MY001"))
    found = [f.code for f in check(MODEL, extra_bugs=tmp_path)]
    assert found == ["TJ110", "TJ111", "MY001", "TJ101", "TJ112"]


def _python_files(folder: Path) -> list[Path]:
    files = [p for p in folder.rglob("*.py") if "site-packages" not in p.parts]
    return sorted(files)


def _other_peoples_files() -> list[Path]:
    """250 files of the standard library and 250 of the installed jax package."""
    standard = [
        path
        for path in _python_files(Path(sysconfig.get_path("stdlib")))
        if not {"test", "tests", "lib2to3"} & set(path.parts)
    ]
    spec = find_spec("jax")
    assert spec is not None and spec.origin is not None
    jax_files = sorted(Path(spec.origin).parent.rglob("*.py"))
    return list(chain(standard[:250], jax_files[:250]))


def test_no_finding_in_500_files_without_pytorch() -> None:
    files = _other_peoples_files()
    assert len(files) == 500
    found = {}
    for path in files:
        source = path.read_text(encoding="utf-8")
        ast.parse(source)
        findings = check(source, filename=str(path))
        if findings:
            found[str(path)] = [f.code for f in findings]
    assert found == {}
