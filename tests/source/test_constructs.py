"""Constructs: kind, name, arguments, surroundings and covered text."""

from __future__ import annotations

import pytest

from tests.source.reading import HEAD, constructs, described
from tojax.nouns import Position
from tojax.source import analyse

# Statements of a function with a tensor `x`, a tensor `y`, a mask `m` and an int `n`.
FUNCTION = HEAD + "def f(x: torch.Tensor, y: torch.Tensor, n: int):\n    m = y > 0\n"


def _in_function(code: str, *kinds: str) -> list[tuple[str, str]]:
    indented = "".join(f"    {line}\n" for line in code.splitlines())
    found = described(FUNCTION + indented, *kinds)
    return [pair for pair in found if pair != ("torch.Tensor", "torch.Tensor")]  # the signature's


@pytest.mark.parametrize(
    ("code", "kind", "texts"),
    [
        ("x[0] = 1", "set-item", ["x[0]"]),
        ("x[0], n = 1, 2", "set-item", ["x[0]"]),
        ("x[0] = y[1] = 1", "set-item", ["x[0]", "y[1]"]),
        ("x.data[:, 1] = 1", "set-item", ["x.data[:, 1]"]),
        ("x[m] = 0", "set-item", ["x[m]"]),
        ("table = {}\ntable[n] = x", "set-item", []),
        ("rows = [x, y]\nrows[0] = y", "set-item", []),
        ("x[0] += 1", "aug-set-item", ["x[0]"]),
        ("x[0] += 1", "set-item", []),
        ("rows = [1]\nrows[0] += 1", "aug-set-item", []),
        ("x += 1", "aug-assign", ["x"]),
        ("x.grad *= 2", "aug-assign", ["x.grad"]),
        ("n += 1", "aug-assign", []),
        ("total = 0.0\ntotal += x.sum().item()", "aug-assign", []),
        ("if x.sum() > 0:\n    pass", "branch", ["x.sum() > 0"]),
        ("if not m.any():\n    pass", "branch", ["not m.any()"]),
        ("if n > 2 and x[0]:\n    pass", "branch", ["n > 2 and x[0]"]),
        ("if bool(m.all()):\n    pass", "branch", ["bool(m.all())"]),
        ("while (x > 1).any():\n    x = x / 2", "branch", ["(x > 1).any()"]),
        ("assert x.max() < 3, 'large'", "branch", ["x.max() < 3"]),
        ("z = 1 if x.max() > 3 else 2", "branch", ["x.max() > 3"]),
        ("z = [a for a in range(3) if x[a] > 0]", "branch", ["x[a] > 0"]),
        ("if n > 2:\n    pass", "branch", []),
        ("if x is None:\n    pass", "branch", []),
        ("if x.shape[0] > 2 or x.dim() == 3 or x.size(0) == n:\n    pass", "branch", []),
        ("if x.shape == y.shape:\n    pass", "branch", []),
        ("if isinstance(x, torch.Tensor) and len(x) > 2:\n    pass", "branch", []),
        ("if x.dtype == torch.float32:\n    pass", "branch", []),
        ("if x.sum().item() > 0:\n    pass", "branch", []),
        ("for row in x:\n    pass", "iterate", ["x"]),
        ("z = [row for row in x[1:]]", "iterate", ["x[1:]"]),
        ("for i in range(n):\n    pass", "iterate", []),
        ("for row in [x, y]:\n    pass", "iterate", []),
        ("z = x[m]", "mask-index", ["x[m]"]),
        ("z = x[y > 0]", "mask-index", ["x[y > 0]"]),
        ("z = x[:, (y > 0) & ~m]", "mask-index", ["x[:, (y > 0) & ~m]"]),
        ("z = x[y.isnan()].sum()", "mask-index", ["x[y.isnan()]"]),
        ("z = x[n], x[:, None], x[[0, 1]], x[y.long()]", "mask-index", []),
    ],
)
def test_values(code: str, kind: str, texts: list[str]) -> None:
    assert [text for _, text in _in_function(code, kind)] == texts


@pytest.mark.parametrize(
    ("code", "kind", "found"),
    [
        ("z = F.relu(x)", "call", [("torch.nn.functional.relu", "F.relu(x)")]),
        ("z = torch.max(x)", "call", [("torch.max", "torch.max(x)")]),
        ("z = x.item()", "method", [("torch.Tensor.item", "x.item()")]),
        ("z = (x + y).mean(0)", "method", [("torch.Tensor.mean", "(x + y).mean(0)")]),
        (
            "z = x.add_(1).detach()",
            "method",
            [("torch.Tensor.detach", "x.add_(1).detach()"), ("torch.Tensor.add_", "x.add_(1)")],
        ),
        ("z = x.data", "attribute", [("torch.Tensor.data", "x.data")]),
        ("z = torch.float64", "attribute", [("torch.float64", "torch.float64")]),
        ("z = dict(activation=F.relu)", "attribute", [("torch.nn.functional.relu", "F.relu")]),
        (
            "opt = torch.optim.SGD([x], lr=1)\nopt.step()",
            "method",
            [("torch.optim.Optimizer.step", "opt.step()")],
        ),
        ("unknown.unsqueeze(0)", "method", [("torch.Tensor.unsqueeze", "unknown.unsqueeze(0)")]),
        ("unknown.mean(0)", "method", []),  # as likely an array of NumPy's
        ("'a'.split(), [1].copy(), {}.items()", "method", []),
        ("z = n.bit_length", "attribute", []),
    ],
)
def test_names(code: str, kind: str, found: list[tuple[str, str]]) -> None:
    assert _in_function(code, kind) == found


def test_numpy_beside_pytorch() -> None:
    source = """
import numpy as np
import torch

def load(path):
    table = np.loadtxt(path)
    table[0] = 0
    table += 1
    if table.sum() > 0:
        table = table[table > 0]
    for row in table:
        print(row.mean(), row.T)
    return torch.from_numpy(table)

def scaled(a):
    low = np.min(a)
    if a.max() > low:
        a = a - a.mean()
    return a.reshape(-1)

def plain(rows, index):
    rows[0] = 1
    rows[index] += 2
    if rows:
        return [row for row in rows if row > 0]
"""
    assert [(c.kind, c.name) for c in constructs(source)] == [
        ("import", "torch"),
        ("call", "torch.from_numpy"),
    ]


MODEL = (
    HEAD
    + """
class Base(nn.Module):
    pass

class Model(Base):
    def __init__(self, sizes):
        super().__init__()
        self.layers = [nn.Linear(n, n) for n in sizes]
        self.named = {"a": nn.ReLU(), "b": nn.Tanh()}
        self.pair = (nn.ReLU(), nn.ReLU())
        self.more = []
        for n in sizes:
            self.more.append(nn.Linear(n, n))
        self.good = nn.ModuleList([nn.Linear(n, n) for n in sizes])
        self.sizes = [n for n in sizes]

    def forward(self, x):
        if self.training:
            x = x.detach()
        return self.help(x)

    @torch.no_grad()
    def help(self, x):
        while True:
            x = x.relu()
        return x.tanh()

    def train_all(self):
        self.eval()
        with torch.no_grad():
            self.zero_grad()

class Data(torch.utils.data.Dataset):
    def __init__(self):
        self.x = torch.zeros(3)

class Plain(dict):
    pass

def run(model):
    with torch.inference_mode(), open("f") as f:
        for i in range(3):
            y = torch.zeros(3)
    return torch.ones(3)
"""
)


def test_module_lists() -> None:
    assert [text for _, text in described(MODEL, "module-list")] == [
        "[nn.Linear(n, n) for n in sizes]",
        '{"a": nn.ReLU(), "b": nn.Tanh()}',
        "(nn.ReLU(), nn.ReLU())",
        "self.more.append(nn.Linear(n, n))",
    ]


def test_subclasses() -> None:
    assert described(MODEL, "subclass") == [
        ("torch.nn.Module", "nn.Module"),
        ("torch.nn.Module", "Base"),
        ("torch.utils.data.Dataset", "torch.utils.data.Dataset"),
    ]


def test_members_of_modules() -> None:
    found = described(MODEL, "method", "attribute")
    assert ("torch.nn.Module.training", "self.training") in found
    assert ("torch.nn.Module.eval", "self.eval()") in found
    assert ("torch.nn.Module.zero_grad", "self.zero_grad()") in found
    assert not any(text.startswith("self.help") for _, text in found)


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("nn.Tanh()", {"class", "module", "function", "init"}),
        ("self.training", {"class", "module", "function", "forward"}),
        ("x.detach()", {"class", "module", "function", "forward"}),
        ("torch.no_grad()", {"class", "module"}),  # the decorator comes first
        ("x.relu()", {"class", "module", "function", "loop", "no_grad"}),
        ("x.tanh()", {"class", "module", "function", "no_grad"}),
        ("self.eval()", {"class", "module", "function"}),
        ("self.zero_grad()", {"class", "module", "function", "no_grad"}),
        ("torch.zeros(3)", {"class", "function", "init"}),
        ("torch.inference_mode()", {"function"}),
        ("torch.ones(3)", {"function"}),
        ("nn.Module", set()),
    ],
)
def test_within(text: str, within: set[str]) -> None:
    texts = [covered for _, covered in described(MODEL)]
    assert set(constructs(MODEL)[texts.index(text)].within) == within


def test_within_a_loop_without_gradients() -> None:
    last = [c for c in constructs(MODEL) if c.name == "torch.zeros"][-1]
    assert set(last.within) == {"function", "no_grad", "loop"}


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("nn.BatchNorm1d(4, momentum=0.1)", ("0", "momentum")),
        ("nn.BatchNorm1d(4, 1e-5, 0.1)", ("0", "1", "2")),
        ("nn.BatchNorm1d(*sizes, affine=False)", ("affine",)),
        ("nn.BatchNorm1d(4, *rest, **options)", ("0",)),
        ("nn.BatchNorm1d()", ()),
    ],
)
def test_arguments(call: str, arguments: tuple[str, ...]) -> None:
    (found,) = constructs(f"{HEAD}norm = {call}\n", "call")
    assert found.arguments == arguments


def test_ranges_count_code_points() -> None:
    source = HEAD + "\r\n\fs = '😀é\u2028'; y = torch.zeros(\r\n    3)\r\n"
    (found,) = constructs(source, "call")
    # After three lines and an empty one; \f s = '😀é\u2028'; y = are 16 code points.
    assert found.range.start == Position(line=4, column=16)
    assert found.range.end == Position(line=5, column=6)


def test_constructs_come_in_order_of_position() -> None:
    places = [(c.range.start.line, c.range.start.column) for c in constructs(MODEL)]
    assert places == sorted(places)


def test_a_broken_block_leaves_the_others() -> None:
    whole = analyse(MODEL)
    source = MODEL.replace("def run(model):", "def run(model:")
    analysed = analyse(source, "model.py")
    (error,) = analysed.errors
    assert error.filename == "model.py"
    assert error.lineno == MODEL[: MODEL.index("def run")].count("\n") + 1
    assert error.offset == len("def run(")
    start = MODEL[: MODEL.index("def run")].count("\n")
    kept = [c for c in whole.constructs if c.range.start.line < start]
    assert analysed.constructs == kept and kept


def test_the_first_line_of_a_file_that_does_not_use_pytorch_may_be_broken() -> None:
    analysed = analyse("x = = 1\ny = 2\n")
    assert [error.lineno for error in analysed.errors] == [1]
    assert not analysed.uses_torch
