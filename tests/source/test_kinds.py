"""Kinds of values, reasoned out by hand from what PyTorch would hold there."""

from __future__ import annotations

import pytest

from tests.source.reading import HEAD, kinds_of
from tojax.source.kinds import (
    ARRAY,
    BOOL,
    BUFFER,
    DTYPE,
    FLOAT,
    INT,
    MASK,
    NONE,
    NUMPY,
    PARAMETER,
    SHAPE,
    STR,
    UNKNOWN,
    Kind,
)

LINEAR = Kind("module", name="torch.nn.Linear")
MAYBE = Kind("array", optional=True)


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        # assignments and operators
        ("x = torch.zeros(3)\ny = x\nprobe(y)", {"y": ARRAY}),
        ("x = torch.zeros(3)\ny = 2 * x - 1\nz = -y @ x\nprobe(z)", {"z": ARRAY}),
        ("x = y = torch.zeros(3)\nprobe(x)\nprobe(y)", {"x": ARRAY, "y": ARRAY}),
        ("x: torch.Tensor = load()\nprobe(x)", {"x": ARRAY}),
        ("x = 1\nx += torch.zeros(3)\nprobe(x)", {"x": ARRAY}),
        ("n = 7 / 2\nm = 7 // 2\nprobe(n)\nprobe(m)", {"n": FLOAT, "m": INT}),
        ("x = torch.zeros(3)\nprobe(x > 0)\nprobe(x is None)", {"x > 0": MASK, "x is None": BOOL}),
        ("import numpy as np\nr = np.random.rand(3)\nprobe(r < 1)\nprobe(load() < 1)\nprobe(1 < 2)",
         {"r < 1": NUMPY, "load() < 1": UNKNOWN, "1 < 2": BOOL}),
        ("m = torch.zeros(3) > 0\nprobe(~m)\nprobe(m[0])\nprobe(m & ~m)\nprobe(2 * m)",
         {"~m": MASK, "m[0]": MASK, "m & ~m": MASK, "2 * m": ARRAY}),
        ("x = torch.zeros(3)\nprobe(x.bool())\nprobe(x.to(torch.bool))\nprobe(x.isnan())",
         {"x.bool()": MASK, "x.to(torch.bool)": MASK, "x.isnan()": MASK}),
        ("m = torch.ones(3, dtype=torch.bool)\nprobe(m)", {"m": MASK}),
        ("if (x := torch.zeros(3)) is not None:\n    probe(x)", {"x": ARRAY}),
        ("x = torch.zeros(3)\nx = 'text'\nprobe(x)", {"x": STR}),
        # returns of several lengths
        (
            "def f(x, more):\n    y = x + torch.zeros(3)\n    if more:\n        return y, 1, x\n"
            "    return y, None\na, b = f(load(), 0)\nc, d, e = f(load(), 1)\n*g, h = f(load(), 1)"
            "\nprobe(a)\nprobe(b)\nprobe(c)\nprobe(d)\nprobe(h)",
            {"a": ARRAY, "b": NONE, "c": ARRAY, "d": INT, "h": UNKNOWN},
        ),
        # attributes, shapes, items
        (
            "x = torch.zeros(3, 4)\nprobe(x.shape)\nprobe(x.shape[0])\nprobe(x.size())\n"
            "probe(x.size(1))\nprobe(x.dtype)\nprobe(x.T)\nprobe(x[0])\nprobe(x.shape[1:])",
            {
                "x.shape": SHAPE,
                "x.shape[0]": INT,
                "x.size()": SHAPE,
                "x.size(1)": INT,
                "x.dtype": DTYPE,
                "x.T": ARRAY,
                "x[0]": ARRAY,
                "x.shape[1:]": SHAPE,
            },
        ),
        # tuple unpacking
        ("a, b = torch.zeros(3), 2\nprobe(a)\nprobe(b)", {"a": ARRAY, "b": INT}),
        ("(a, [b, c]), d = (1, ['s', 2.0]), 3\nprobe(a)\nprobe(d)", {"a": INT, "d": INT}),
        ("n, *rest = torch.zeros(2, 3, 4).shape\nprobe(n)", {"n": INT}),
        (
            "x = torch.zeros(3, 4)\nvalues, places = x.max(dim=1)\nprobe(values)\nprobe(places)",
            {"values": ARRAY, "places": ARRAY},
        ),
        ("x = torch.zeros(3, 4)\nbest = x.max(dim=1)\nprobe(best.values)", {"best.values": ARRAY}),
        ("b, c = torch.zeros(2, 3).shape\nprobe(b)", {"b": INT}),
        # loops and comprehensions
        ("for row in torch.zeros(3, 4):\n    probe(row)", {"row": ARRAY}),
        ("for i in range(3):\n    probe(i)", {"i": INT}),
        (
            "for i, (a, b) in enumerate(zip(torch.zeros(3), [1.0])):\n"
            "    probe(i)\n    probe(a)\n    probe(b)",
            {"i": INT, "a": ARRAY, "b": FLOAT},
        ),
        (
            "rows = [row * 2 for row in torch.zeros(3)]\nprobe(rows[0])\n"
            "probe(torch.stack(rows))",
            {"rows[0]": ARRAY, "torch.stack(rows)": ARRAY},
        ),
        ("x = 0\nfor row in torch.zeros(3):\n    x = row\nprobe(x)", {"x": ARRAY}),
        # branches
        ("if flag:\n    x = torch.zeros(3)\nelse:\n    x = None\nprobe(x)", {"x": MAYBE}),
        (
            "if flag:\n    x = torch.zeros(3)\nelse:\n    raise ValueError\nprobe(x)",
            {"x": ARRAY},
        ),
        ("x = torch.zeros(3) if flag else 0.0\nprobe(x)", {"x": ARRAY}),
        ("try:\n    x = torch.zeros(3)\nexcept E:\n    raise\nprobe(x)", {"x": ARRAY}),
        ("with torch.no_grad():\n    x = torch.zeros(3)\nprobe(x)", {"x": ARRAY}),
        # what is no tensor
        (
            "import numpy as np\na = np.zeros(3)\nb = (a * 2).mean() + a[0]\nprobe(b)\n"
            "probe(torch.from_numpy(a))",
            {"b": NUMPY, "torch.from_numpy(a)": ARRAY},
        ),
    ],
)  # fmt: skip
def test_values(code: str, kinds: dict[str, Kind]) -> None:
    assert kinds_of(f"{HEAD}{code}\n") == kinds


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        # parameters: annotation, default, use, call sites
        ("def f(x: torch.Tensor, n: int):\n    probe(x)\n    probe(n)", {"x": ARRAY, "n": INT}),
        ("def f(x: 'torch.Tensor | None'):\n    probe(x)", {"x": MAYBE}),
        (
            "from typing import Optional\ndef f(x: Optional[torch.Tensor] = None):\n    probe(x)",
            {"x": MAYBE},
        ),
        ("def f(n=3, s='a', b=True):\n    probe(n)\n    probe(s)", {"n": INT, "s": STR}),
        ("def f(x):\n    probe(x)\n    return x.unsqueeze(0)", {"x": ARRAY}),
        ("def f(x):\n    probe(x)\n    return F.relu(x)", {"x": ARRAY}),
        ("def f(x):\n    probe(x)\n    return x.items()", {"x": UNKNOWN}),
        ("def f(x):\n    probe(x)\n    return x.sub(1)", {"x": ARRAY}),
        ("def f(x, s):\n    probe(x)\n    return x.sub('', s)", {"x": UNKNOWN}),
        ("def f(x):\n    probe(x)\n    return x + 1\nf(torch.zeros(3))", {"x": ARRAY}),
        ("def f(x):\n    probe(x)\n    return x + 1\nf(3)\nf(4)", {"x": INT}),
        ("def g(y):\n    return f(y)\ndef f(x):\n    probe(x)\ng(torch.zeros(3))", {"x": ARRAY}),
        ("import numpy as np\ndef f(x):\n    probe(x)\n    return np.mean(x)", {"x": NUMPY}),
        # what calls return
        ("def f(n):\n    return torch.zeros(n)\nprobe(f(3))", {"f(3)": ARRAY}),
        ("def f(n):\n    return n, torch.zeros(n)\na, b = f(3)\nprobe(a)\nprobe(b)",
         {"a": INT, "b": ARRAY}),
        ("def f():\n    pass\nprobe(f())", {"f()": NONE}),
        ("def f(x) -> torch.Tensor:\n    return g(x)\nprobe(f(3))", {"f(3)": ARRAY}),
        # narrowing
        (
            "def f(x, mask: torch.Tensor = None):\n    if mask is not None:\n        probe(mask)\n",
            {"mask": ARRAY},
        ),
        (
            "def f(mask: torch.Tensor = None):\n    if mask is None:\n        return 0\n"
            "    probe(mask)",
            {"mask": ARRAY},
        ),
        ("def f(x):\n    if isinstance(x, torch.Tensor):\n        probe(x)", {"x": ARRAY}),
        ("def f(m):\n    if isinstance(m, nn.Linear):\n        probe(m)", {"m": LINEAR}),
        ("def f(x):\n    if not isinstance(x, torch.Tensor):\n        return 0\n    probe(x)",
         {"x": ARRAY}),
    ],
)  # fmt: skip
def test_functions(code: str, kinds: dict[str, Kind]) -> None:
    assert kinds_of(f"{HEAD}{code}\n") == kinds


def test_a_module() -> None:
    source = f"""{HEAD}
class Inner(nn.Module):
    def forward(self, x):
        return x, x.shape[0]

class Model(nn.Module):
    factor: float = 0.5

    def __init__(self, width=8):
        super().__init__()
        self.width = width
        self.head = nn.Linear(width, 2)
        self.scale = nn.Parameter(torch.ones(2))
        self.register_buffer("count", torch.zeros(1))
        self.inner = Inner()
        self.blocks = nn.ModuleList([nn.Linear(2, 2) for _ in range(3)])

    @property
    def total(self):
        return self.head.weight.sum()

    def forward(self, x, again=None):
        probe(x)
        probe(self.width)
        probe(self.head)
        probe(self.head.weight)
        probe(self.scale)
        probe(self.count)
        probe(self.factor)
        probe(self.training)
        probe(self.total)
        probe(self.head(x))
        y, n = self.inner(x)
        probe(y)
        probe(n)
        for block in self.blocks:
            probe(block)
        return y

model = Model()
probe(model)
probe(model(torch.zeros(1, 8)))
"""
    assert kinds_of(source) == {
        "x": ARRAY,
        "self.width": INT,
        "self.head": LINEAR,
        "self.head.weight": PARAMETER,
        "self.scale": PARAMETER,
        "self.count": BUFFER,
        "self.factor": FLOAT,
        "self.training": BOOL,
        "self.total": ARRAY,
        "self.head(x)": ARRAY,
        "y": ARRAY,
        "n": INT,
        "block": LINEAR,
        "model": Kind("module", name=":Model"),
        "model(torch.zeros(1, 8))": ARRAY,
    }


def test_attributes_are_inherited() -> None:
    source = f"""{HEAD}
class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(2))

class Model(Base):
    def forward(self, x):
        probe(self.scale)
        probe(self.eval())
"""
    assert kinds_of(source) == {
        "self.scale": PARAMETER,
        "self.eval()": Kind("module", name=":Model"),
    }


def test_the_second_class_of_a_name_is_its_own() -> None:
    source = f"""{HEAD}
class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.n = 3

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.n = torch.zeros(3)

    def forward(self):
        probe(self.n)
"""
    assert kinds_of(source) == {"self.n": ARRAY}
