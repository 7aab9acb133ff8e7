"""Small PyTorch projects to migrate."""

from __future__ import annotations

from pathlib import Path

LAYERS = """\
import torch
from torch import nn


# tojax: init=(3,) inputs=(float32[2, 3],)
class Scale(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.layer = nn.Linear(features, features)

    def forward(self, x):
        return torch.tanh(self.layer(x))
"""
MODEL = """\
import torch
from torch import nn

from layers import Scale


# tojax: init=(3, 2) inputs=(float32[2, 3],)
class Net(nn.Module):
    def __init__(self, features, depth):
        super().__init__()
        self.blocks = nn.ModuleList([Scale(features) for _ in range(depth)])

    def forward(self, x):
        for block in self.blocks:
            x = x + block(x)
        return x.sum(1)
"""


def write_project(root: Path) -> Path:
    """A project of two modules, a plain one, and files that are not Python."""
    files = {
        "layers.py": LAYERS,
        "model.py": MODEL,
        "plain.py": "ANSWER = 42\n",
        "README.md": "# A project\n",
        "package/__init__.py": "",
        "package/config.json": "{}",
        ".github/check.py": "import torch\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root
