"""What an experiment finds in a folder, and what it needs."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.bench.tiny import CASES, SHIFTED, write_cases
from tojax.bench import cli
from tojax.bench.cases import own_cases, read_cases
from tojax.files import InputError


def test_cases_and_what_is_none(tmp_path: Path) -> None:
    cases, left_out = read_cases(write_cases(tmp_path / "cases"))
    assert [(case.name, case.source, case.reference) for case in cases] == [
        ("deviation", CASES["deviation"], None),
        ("shifted", CASES["shifted"], SHIFTED),
    ]
    assert list(left_out) == ["helper"] and "get_inputs()" in left_out["helper"]


def test_the_digest_follows_source_and_reference(tmp_path: Path) -> None:
    folder = write_cases(tmp_path / "cases")
    digests = [case.digest for case in read_cases(folder)[0]]
    (folder / "reference" / "shifted.py").write_text(f"{SHIFTED}# more\n")
    changed = [case.digest for case in read_cases(folder)[0]]
    assert changed[0] == digests[0] and changed[1] != digests[1]


def test_a_directive_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("# tojax: inputs=(\ndef f(x):\n    return x\n")
    cases, left_out = read_cases(tmp_path)
    assert not cases and left_out["one"]


def test_a_broken_case_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("def f(:\n")
    with pytest.raises(InputError, match=r"one\.py:1:7"):
        read_cases(tmp_path)


def test_our_own_models_are_cases() -> None:
    folder = own_cases()
    assert folder is not None
    cases, left_out = read_cases(folder)
    assert len(cases) > 20 and not left_out


def test_what_is_missing_is_told_with_the_command_that_helps(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = importlib.util.find_spec

    def find_spec(name: str, package: str | None = None) -> Any:
        return None if name in ("tree_sitter", "ollama") else real(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    done = CliRunner().invoke(cli.app, ["experiment", "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert done.stderr == (
        "tree_sitter, ollama not installed; "
        "the experiment needs: pip install 'tojax[bench,model]'\n"
    )
    assert not (tmp_path / "out").exists()
