"""PyTorch names that a project's files hand on to each other."""

from __future__ import annotations

import pytest

from tojax.translate.project import translate_project

COMPAT = """\
import torch
import torch.nn as nn
from torch import hub
from torch.nn import functional as F

try:
    from torch import _assert
except ImportError:
    def _assert(condition, message):
        assert condition, message
"""


def _translated(source: str) -> tuple[str, tuple[str, ...]]:
    made = translate_project({"p/__init__.py": "", "p/compat.py": COMPAT, "p/use.py": source})
    return made["p/use.py"].code, tuple(item.name for item in made["p/use.py"].unresolved)


@pytest.mark.parametrize("statement", ["from .compat import F, nn, torch", "from .compat import *"])
def test_a_name_means_what_the_other_file_imported(statement: str) -> None:
    """By name or by star; what PyTorch had is no longer imported from there."""
    code, unresolved = _translated(
        f"{statement}\n\n\n"
        "class Head(nn.Module):\n"
        "    def forward(self, x):\n"
        "        return F.relu(torch.cat([x, x], 1))\n"
    )
    assert not unresolved
    assert "class Head(nnx.Module):\n    def __call__(self, x):" in code
    assert "return jax.nn.relu(jnp.concatenate([x, x], axis=1))" in code
    assert ("compat" in code) is ("*" in statement)


def test_what_is_unresolved_comes_from_pytorch_itself() -> None:
    """The other file has lost its import; the names that are the project's own still come."""
    code, unresolved = _translated(
        "from .compat import _assert, hub\n\n\n"
        "def fetch(x):\n"
        "    _assert(x, 'nothing')\n"
        "    return hub.load('here', x)\n"
    )
    assert unresolved == ("torch.hub.load",)
    assert "from .compat import _assert\n\n\ndef fetch" in code
    assert "    from torch import hub  # TODO(tojax): TJ200" in code


def test_a_class_under_another_name_reaches_files_that_import_it_from_a_package() -> None:
    """Its constructor is known there to take keys."""
    layers = (
        "from torch import nn\n\n\n"
        "class Gate(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.fc = nn.Linear(2, 2)\n\n\n"
        "Attention = Gate\n"
    )
    use = "from p import Attention\n\n\ndef make():\n    return Attention()\n"
    files = {"p/__init__.py": "from .layers import *\n", "p/layers.py": layers, "p/use.py": use}
    assert "return Attention(rngs=rngs)" in translate_project(files)["p/use.py"].code
