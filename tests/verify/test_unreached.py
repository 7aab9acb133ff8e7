"""A verdict names what no run reached: nothing is known of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

import tojax
from tojax.lsp.verdict_titles import verdict_title
from tojax.nouns import Verdict
from tojax.verify.torch_lines import Lines, unreached
from tojax.workspace.summary import verdict_line

MODEL = """\
import torch
from torch import nn


class Base(nn.Module):
    def forward(self, x):
        return x

    def inherited(self, x):
        return x + 1


class Model(Base):
    def __init__(self, deep=False):
        super().__init__()
        if deep:
            self.fc = nn.Linear(3, 3)
        else:
            self.fc = nn.Linear(3, 2)

    def forward(self, x, mask=None):
        if mask is not None:
            x = x * mask
        return self.fc(x)

    def sample(self, n):
        return torch.ones(n, 3)


def get_inputs():
    return [torch.randn(4, 3)]


def get_init_inputs():
    return []
"""
MISSED = ("Base.inherited", "Model.sample", "line 17", "line 23")


def test_a_verdict_names_what_did_not_run(check: Callable[..., Verdict]) -> None:
    verdict = check(MODEL, tojax.translate(MODEL).code)
    assert verdict.status == "verified" and verdict.unreached == MISSED
    assert verdict_line(verdict).endswith("; not run: " + ", ".join(MISSED))
    title = verdict_title(verdict.model_dump(mode="json"))
    assert title.endswith("; not run: Base.inherited, Model.sample, line 17 and 1 more")


def test_what_runs_whole_says_no_more(check: Callable[..., Verdict]) -> None:
    source = "import torch\n\n# tojax: inputs=(float32[3],)\ndef f(x):\n    return x * 2\n"
    verdict = check(source, tojax.translate(source).code)
    assert verdict.status == "verified" and verdict.unreached == ()
    assert "not run" not in verdict_line(verdict)
    assert "not run" not in verdict_title(verdict.model_dump(mode="json"))


BODIES: dict[str, tuple[str, list[str]]] = {
    "all": ("return x", []),
    "a refusal": (
        "if x > 9:\n        raise ValueError(\n            x\n        )\n    return x",
        [],
    ),
    "a text": ('"""Says what."""\n    return x', []),
    "a branch": (
        "if x > 9:\n        x = 1\n\n        x = 2\n    else:\n        x = 3\n    return x",
        ["lines 3-5"],
    ),
    "on one line": ("if x > 9: x = 1\n    return x", []),
    "a loop": (
        "for i in range(0):\n        x = 1\n    else:\n        x = 2\n    return x",
        ["line 3"],
    ),
    "an exception": (
        "try:\n        x = 1\n    except ValueError:\n        x = 2\n    return x",
        ["line 5"],
    ),
    "a break": (
        "while x < 9:\n        x += 5\n        if x < 0:\n            break\n    return x",
        [],
    ),
    "a function": ("def inner():\n        return 1\n    return x", ["line 3"]),
    "a function that is called": ("def inner():\n        return 1\n    return inner()", []),
    "several lines": ("return (\n        x +\n        1\n    )", []),
    "a case": (
        "match x:\n        case 1:\n            x = 2\n        case _:\n            x = 3",
        ["line 6"],
    ),
    "in a context": (
        "with open('/dev/null'):\n        if not x:\n            x = 2\n    return x",
        ["line 4"],
    ),
    "a declaration": ("y: int\n    y = 1 if x else 2\n    return y", []),
}


@pytest.mark.parametrize(("body", "missed"), BODIES.values(), ids=BODIES)
def test_statements_that_did_not_run(tmp_path: Path, body: str, missed: list[str]) -> None:
    source = f"def f(x):\n    {body}\n\n\ndef unrelated():\n    return 1\n"
    path = tmp_path / "code.py"
    module = ModuleType("code_under_trace")
    exec(compile(source, str(path), "exec"), vars(module))
    with Lines(str(path)) as lines:
        module.f(1)
    assert unreached(source, "f", lines.ran) == missed
