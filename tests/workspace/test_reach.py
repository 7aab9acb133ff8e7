"""What a file depends on by its imports."""

from __future__ import annotations

import pytest

from tojax.workspace.reach import reachable

FILES = {
    "train.py": "import models.net\nfrom data import load",
    "data.py": "import os, json",
    "models/__init__.py": "",
    "models/net.py": "from .blocks import Block\nfrom . import extra",
    "models/blocks.py": "from models.net import Net",
    "models/extra.py": "x = (",
    "src/tool/main.py": "from tool.options import parse",
    "src/tool/options.py": "",
    "alone.py": "import numpy",
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("alone.py", {"alone.py"}),
        ("data.py", {"data.py"}),
        (
            "train.py",
            {
                "train.py",
                "data.py",
                "models/__init__.py",
                "models/net.py",
                "models/blocks.py",
                "models/extra.py",
            },
        ),
        ("src/tool/main.py", {"src/tool/main.py", "src/tool/options.py"}),
        ("models/extra.py", {"models/extra.py"}),
    ],
)
def test_reachable(path: str, expected: set[str]) -> None:
    assert reachable(FILES)[path] == expected


def test_circular_imports_reach_each_other() -> None:
    reach = reachable(FILES)
    assert {"models/net.py", "models/blocks.py"} <= reach["models/net.py"]
    assert {"models/net.py", "models/blocks.py"} <= reach["models/blocks.py"]
