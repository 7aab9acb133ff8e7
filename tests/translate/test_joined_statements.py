"""Lines of training with several statements: split, and spoken of as they were written."""

from __future__ import annotations

import pytest

from tojax.source.text import Text
from tojax.translate import translate, translate_project

SOURCE = """\
import torch


def train(é, model, opt, x):
    opt.zero_grad(); y = torch.frobnicate(x); loss = model(y).sum(); loss.backward()
    if x: opt.step(); torch.hub.load(x)
    return torch.frobnicate(loss)
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_is_unresolved_is_found_where_it_was_written(end: str) -> None:
    source = SOURCE.replace("\n", end)
    for made in (translate(source), translate_project({"a.py": source})["a.py"]):
        text = Text(source)
        found = [
            source[text.starts[r.start.line] + r.start.column :][: r.end.column - r.start.column]
            for r in (item.range for item in made.unresolved)
            if r.start.line == r.end.line
        ]
        assert "torch.frobnicate(x)" in found or "torch.frobnicate" in found
        assert "torch.hub.load" in {f.partition("(")[0] for f in found}
        assert {item.range.start.line for item in made.unresolved} >= {4, 5, 6}


def test_other_lines_stay_joined() -> None:
    code = translate("import torch; x = torch.ones(2); y = x\n").code
    assert "; y = x" in code
