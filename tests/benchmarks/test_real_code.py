"""The counting of `real_code`, on texts that are small enough to count by hand."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.benchmarks.real_code import PACKAGES, Measurement, Package, measure, rows
from tests.benchmarks.torch_calls import left_behind, torch_calls, unresolved_calls
from tojax.nouns import Translation
from tojax.translate import translate

CODE = """\
import math
import torch
from elsewhere import load
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(math.ceil(3.5))

    def forward(self, x):
        y = torch.relu(self.norm(x)).mean(1)
        return load(y).permute(1, 0).split(2, dim=1), "a b".split()
"""


def _called(source: str) -> set[str]:
    """The last names of what the calls of PyTorch's in a text call."""
    lines = source.split("\n")
    ends = {(place[2], place[3]) for _, place, _ in torch_calls(source)}
    return {lines[line][:column].rpartition(".")[2].strip() for line, column in ends}


def test_pytorchs_calls_are_counted_and_no_others() -> None:
    assert _called(CODE) == {"LayerNorm", "relu", "mean", "permute", "split"}
    assert len(torch_calls(CODE)) == 5


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("y = torch.hub.load(x)", 1),
        ("y = torch.relu(torch.hub.load(x))", 1),
        ("y = torch.hub.load(torch.relu(x))", 2),  # what it is given is left with it
        ("y = torch.hub.load(x).sum()", 1),
        ("y = torch.relu(x)", 0),
    ],
)
def test_what_is_left_is_a_call_and_what_it_contains(line: str, count: int) -> None:
    source = f"import torch\n{line}\n"
    assert len(unresolved_calls(torch_calls(source), translate(source).unresolved)) == count


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("y = x.permute(1, 0)", ["permute"]),
        ("y = x.permute(1, 0)  # TODO(tojax): TJ201 why", []),
        ("y = x.sum(dim=1)", ["sum"]),
        ("y = x.sum(axis=1) + x.at[0].multiply(3) + text.split(',')", []),
        ("model.register_forward_hook(x)", ["register_forward_hook"]),
        ("y = re.sub('a', 'b', x) + np.ceil(x)", []),
        ("y = helper.expand(x)", ["expand"]),
        ("class C:\n    def expand(self): ...\ny = helper.expand(x)", []),
    ],
)
def test_methods_without_a_mark(line: str, left: list[str]) -> None:
    code = f"import re\nimport numpy as np\n{line}\n"
    assert left_behind(code) == left


def test_a_method_that_a_helper_has_is_none_of_pytorchs() -> None:
    assert left_behind("x.expand(2)", {"expand"}) == []


def test_a_package_is_measured() -> None:
    package = Package("some-nets", "1.0", ("some_nets/models/*.py",))
    sources = {
        "some_nets/models/net.py": CODE,
        "some_nets/models/left.py": "import torch\nx = torch.relu(torch.hub.load('a'))\n",
        "some_nets/other.py": "import torch\nx = torch.hub.load('a')\n",
    }
    found = measure(package, sources)
    assert (found.files, found.clean_files, found.calls) == (2, 1, 7)
    assert (found.marked_calls, found.silent_calls, found.crashes, found.unparsable) == (1, 0, 0, 0)
    assert found.names == {"torch.hub.load": 1}
    assert found.lines == sum(text.count("\n") for text in sources.values())
    table = list(rows({"some-nets": found}))
    assert table[1].split()[:5] == ["some-nets", "2", "50.0%", "7", "85.71%"]
    assert table[2].split() == ["some-nets", "1", "torch.hub.load"]


def test_crashes_and_what_does_not_parse_are_counted() -> None:
    found = Measurement()
    found.add(CODE, None)
    found.add("import torch\nx = torch.relu(1)\n", Translation(code="x = (\n"))
    assert (found.files, found.crashes, found.unparsable, found.clean_files) == (2, 1, 1, 0)
    assert (found.calls, found.marked_calls) == (6, 6)


def test_a_file_that_crashes_does_not_hide_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(files: dict[str, str]) -> dict[str, Translation]:
        if any("crash" in text for text in files.values()):
            raise RuntimeError
        return {path: Translation(code=text) for path, text in files.items()}

    monkeypatch.setattr("tests.benchmarks.real_code.translate_project", crash)
    package = Package("nets", "1.0", ("nets/*.py",))
    found = measure(package, {"nets/a.py": "x = 1\n", "nets/b.py": "crash = 1\n"})
    assert (found.files, found.crashes, found.clean_files) == (2, 1, 1)


def test_sources_are_read_from_the_cache(tmp_path: Path) -> None:
    for package in PACKAGES:
        file = tmp_path / f"{package.folder}-{package.version}" / package.folder / "net.py"
        file.parent.mkdir(parents=True)
        file.write_text(CODE, encoding="utf-8")
        (text,) = package.sources(tmp_path).values()
        ast.parse(text)
        assert text == CODE
