"""Input that is unusual and right: it is worked on, and what is untouched stays byte for byte."""

from __future__ import annotations

import ast
import codecs
import re
import sysconfig
from pathlib import Path

import pytest

from tests.process import run_tojax
from tojax.deep_stack import with_deep_stack
from tojax.files import read_source
from tojax.translate import translate

PLAIN = {
    "empty": b"",
    "blank": b"\n\n",
    "no newline at the end": b"x = 1",
    "Windows": b"x = 1\r\n\r\ndef f():\r\n    return '''a\r\nb'''\r\n",
    "old Mac": b"x = 1\ry = 2\r",
    "mixed line ends": b"x = 1\r\ny = 2\nz = 3\r\n",
    "byte-order mark": codecs.BOM_UTF8 + "x = 'é'\n".encode(),
    "Latin-1": b"# -*- coding: latin-1 -*-\nx = '\xe9'\n",
    "form feed": b"x = 1\n\x0c\ny = 2\n",
    "Unicode line separator": "x = 'a\u2028b'  # \u2029\ny = '\U0001f40d'\n".encode(),
    "tabs and trailing blanks": b"if 1:\n\tx = 1   \n\n\n   \n",
    "torch in words only": b"'''import torch'''\n# torch.sum\ntorch = None\n",
}


@pytest.mark.parametrize("case", PLAIN)
def test_without_pytorch_nothing_changes(case: str) -> None:
    process = run_tojax("translate", "-", stdin=PLAIN[case])
    assert (process.returncode, process.stdout, process.stderr) == (0, PLAIN[case], b"")


@pytest.mark.slow
def test_the_standard_library_does_not_change() -> None:
    paths = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    assert len(paths) > 150
    for path in paths:
        source = read_source(path)
        assert source.encode(translate(source.text).code) == path.read_bytes(), path


def test_line_ends_mark_and_encoding_are_kept_around_a_translation() -> None:
    lines = ["# coding: utf-8", "import torch", "s = 'é'", "y = torch.zeros(2)"]
    data = codecs.BOM_UTF8 + "".join(f"{line}\r\n" for line in lines).encode()
    process = run_tojax("translate", "-", stdin=data)
    output = process.stdout
    assert process.returncode == 0
    assert output.startswith(codecs.BOM_UTF8 + b"# coding: utf-8\r\n")
    assert "s = 'é'\r\n".encode() in output
    assert b"jnp.zeros(2)" in output
    assert output.count(b"\n") == output.count(b"\r\n")


def test_latin_1_is_written_as_latin_1(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_bytes(
        b"# coding: latin-1\nimport torch\nNAME = '\xe9'\nx = torch.ones(3)\n"
    )
    process = run_tojax("translate", "m.py", "-o", "out.py", cwd=tmp_path)
    assert process.returncode == 0
    output = (tmp_path / "out.py").read_bytes()
    assert b"NAME = '\xe9'\n" in output
    assert b"jnp.ones(3)" in output


@pytest.mark.slow
@pytest.mark.parametrize("command", ["translate", "check"])
def test_5000_terms(command: str) -> None:
    source = "import torch\n\n\ndef f(x):\n    return " + " + ".join(["torch.cos(x)"] * 5000) + "\n"
    process = run_tojax(command, "-", stdin=source.encode())
    if process.returncode == 2:  # Python's parser has a limit of its own, from 3.12 on
        assert re.fullmatch(rb"-:1:1: nested too deeply[^\n]*\n", process.stderr)
        return
    assert (process.returncode, process.stderr) == (0, b"")
    if command == "translate":
        assert process.stdout.count(b"jnp.cos(x)") == 5000
        assert b"torch" not in process.stdout


@pytest.mark.slow
@pytest.mark.parametrize("command", ["translate", "check"])
def test_deep_but_legal_nesting(command: str) -> None:
    nested = "[" * 90 + "torch.cos(x)" + "]" * 90
    chain = "x" + ".cos()" * 90
    source = f"import torch\n\n\ndef f(x: torch.Tensor):\n    return {nested}, {chain}\n"
    process = run_tojax(command, "-", stdin=source.encode())
    assert (process.returncode, process.stderr) == (0, b"")
    if command == "translate":
        assert process.stdout.count(b"jnp.cos(") == 91
        with_deep_stack(lambda: ast.parse(process.stdout))


def _long_source(blocks: int) -> bytes:
    block = """class Block{number}(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x):
        y = self.layer(x).sum(1)
        return torch.relu(y) + {number}


"""
    text = "".join(block.replace("{number}", str(number)) for number in range(blocks))
    return f"import torch\nfrom torch import nn\n\n\n{text}".encode()


@pytest.mark.slow
def test_50000_lines(tmp_path: Path) -> None:
    source = _long_source(5000)
    assert source.count(b"\n") >= 50_000
    process = run_tojax("translate", "-", stdin=source, timeout=600)
    assert (process.returncode, process.stderr) == (0, b"")
    assert process.stdout.count(b"jax.nn.relu(") == 5000
    assert b"torch" not in process.stdout


@pytest.mark.slow
def test_50000_lines_are_checked() -> None:
    process = run_tojax("check", "-", stdin=_long_source(5000), timeout=600)
    assert (process.returncode, process.stderr) == (0, b"")
