"""What is written where keeps the form of the file that it goes to."""

from __future__ import annotations

from pathlib import Path

import pytest

import tojax
from tojax.lsp.documents import read_file
from tojax.lsp.rewrite import rewrite

SOURCE = """\
import torch


def f(x: torch.Tensor):
    return torch.relu(x).sum(1)


def g(x: torch.Tensor):
    return x.item()
"""
THERE = "import jax\n\n\ndef mine():\n    return jax.devices()\n\n\ndef f(x):\n    return x\n"


@pytest.mark.parametrize("output", ["sibling", "inPlace", "below"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_stay(output: str, end: str, mark: str) -> None:
    source = mark + SOURCE.replace("\n", end)
    expected = rewrite(SOURCE, name="f", output=output).text
    assert rewrite(source, name="f", output=output).text == mark + expected.replace("\n", end)


@pytest.mark.parametrize(("end", "other"), [("\n", "\r\n"), ("\r\n", "\n")])
def test_the_file_that_is_there_tells_how_lines_end(end: str, other: str) -> None:
    source, there = SOURCE.replace("\n", end), THERE.replace("\n", other)
    expected = rewrite(SOURCE, name="f", existing=THERE).text
    made = rewrite(source, name="f", existing=there)
    assert made.text == expected.replace("\n", other)


@pytest.mark.parametrize("output", ["sibling", "inPlace"])
def test_a_file_with_both_ends_keeps_each(output: str) -> None:
    source = SOURCE.replace("\n", "\r\n", 4)
    assert rewrite(source, output=output).text == tojax.translate(source).code


def test_a_file_from_disk_has_the_ends_that_an_editor_would_show(tmp_path: Path) -> None:
    path = tmp_path / "there.py"
    path.write_bytes(THERE.replace("\n", "\r\n").encode())
    text = read_file(path.as_uri(), "utf-16")
    assert text is not None and text.source == THERE.replace("\n", "\r\n")
