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
    assert "from .compat import _assert\nfrom torch import hub  # TODO(tojax): TJ200" in code
