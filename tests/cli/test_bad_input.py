"""Bad input: one clear line on standard error, exit status 2, nothing written."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.cli.bad_input import BAD_INPUTS
from tests.process import run_tojax

GOOD = b"import torch\n\n\ndef f(x):\n    return torch.relu(x)\n"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("case", BAD_INPUTS)
@pytest.mark.parametrize("command", ["translate", "check", "verify"])
def test_one_clear_line(tmp_path: Path, command: str, case: str) -> None:
    bad = BAD_INPUTS[case]
    bad.make(tmp_path / bad.name)
    (tmp_path / "good.py").write_bytes(GOOD)
    before = names(tmp_path)
    arguments = {
        "translate": [bad.name, "-o", "out.py"],
        "check": [bad.name],
        "verify": ["good.py", bad.name],
    }
    process = run_tojax(command, *arguments[command], cwd=tmp_path)
    error = process.stderr.decode()
    assert process.returncode == 2, error
    assert re.fullmatch(rf"{bad.name}{bad.place}: {re.escape(bad.message)}[^\n]*\n", error)
    assert process.stdout == b""
    assert names(tmp_path) == before


@pytest.mark.parametrize("content", [b"x = (\n", b"\x00", b"'\xff'"])
@pytest.mark.parametrize("command", ["translate", "check"])
def test_standard_input(command: str, content: bytes) -> None:
    process = run_tojax(command, "-", stdin=content)
    assert process.returncode == 2
    assert re.fullmatch(rb"-:1:\d+: [^\n]+\n", process.stderr)
    assert process.stdout == b""


def test_a_folder_is_not_a_file_to_translate(tmp_path: Path) -> None:
    process = run_tojax("translate", ".", cwd=tmp_path)
    assert (process.returncode, process.stderr) == (2, b".: is a directory\n")


@pytest.mark.parametrize("command", ["check", "migrate"])
def test_a_folder_without_python(tmp_path: Path, command: str) -> None:
    (tmp_path / "notes.txt").write_text("no code")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "m.py").write_bytes(GOOD)
    process = run_tojax(command, tmp_path)
    assert process.returncode == 2
    assert process.stderr.decode() == f"{tmp_path}: no Python file in this folder\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    path.write_bytes(GOOD)
    path.chmod(0)
    process = run_tojax("translate", "m.py", cwd=tmp_path)
    assert (process.returncode, process.stderr) == (2, b"m.py: permission denied\n")


def test_all_bad_files_are_told_and_none_is_written(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_bytes(GOOD)
    (tmp_path / "bad.py").write_bytes(b"def f(:\n")
    process = run_tojax(
        "translate", "good.py", "bad.py", "gone.py", "--out-dir", "out", cwd=tmp_path
    )
    assert process.returncode == 2
    assert re.fullmatch(
        r"bad.py:1:7: syntax error: [^\n]+\ngone.py: no such file or directory\n",
        process.stderr.decode(),
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("output", ["folder", "missing/out.py", "good.py/out.py"])
def test_an_output_that_cannot_be_written(tmp_path: Path, output: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "good.py").write_bytes(GOOD)
    process = run_tojax("translate", "good.py", "-o", output, cwd=tmp_path)
    assert process.returncode == 2
    assert re.fullmatch(rf"{output}: [a-z ]+\n", process.stderr.decode())
    assert names(tmp_path) == ["folder", "good.py"]
    assert (tmp_path / "good.py").read_bytes() == GOOD


@pytest.mark.parametrize(
    "arguments",
    [
        ["translate", "good.py", "-o", "out.py", "--diff"],
        ["translate", "good.py", "good.py"],
        ["translate", "good.py", "--engine", "guess"],
        ["check", "good.py", "--output-format", "xml"],
        ["migrate", ".", "--in-place", "--out", "elsewhere"],
        ["migrate", ".", "--jobs", "0"],
        ["explain", "torch.no_such_function"],
        ["explain", "TJ999"],
        ["no-such-command"],
    ],
    ids=" ".join,
)
def test_misuse(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "good.py").write_bytes(GOOD)
    process = run_tojax(*arguments, cwd=tmp_path)
    assert process.returncode == 2
    assert process.stderr
    assert b"Traceback" not in process.stderr
    assert names(tmp_path) == ["good.py"]
