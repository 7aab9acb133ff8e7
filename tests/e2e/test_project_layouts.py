"""Projects whose files import each other from elsewhere than the project's folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tojax.nouns import Migration

BASE = """\
import torch
from torch import nn


class Base(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.layer = nn.Linear(features, features)
        self.drop = nn.Dropout(0.5)

    def loss(self, x):
        return self(x).pow(2).sum()


def half(x):
    return x.div(2)
"""
NET = """\
import torch
from {home} import Base, half


# tojax: init=(3,) inputs=(float32[2, 3],)
class Net(Base):
    def forward(self, x):
        return half(self.drop(self.layer(x)))
"""
SCRIPT = """\
import torch
from {home} import Net

torch.manual_seed(0)
net = Net(3)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(2):
    optimizer.zero_grad()
    loss = net.loss(torch.ones(2, 3))
    loss.backward()
    optimizer.step()
print(loss.item() >= torch.zeros(3).median().item())
"""
LAYOUTS = {
    "installed": {
        "src/pkg/__init__.py": "from pkg.net import Net\n",
        "src/pkg/base/__init__.py": "from pkg.base.layers import Base, half\n",
        "src/pkg/base/layers.py": BASE,
        "src/pkg/net.py": NET.format(home="pkg.base"),
        "scripts/main.py": SCRIPT.format(home="pkg"),
    },
    "beside": {
        "examples/one/base.py": BASE,
        "examples/one/net.py": NET.format(home="base"),
        "examples/one/main.py": SCRIPT.format(home="net"),
        "examples/other/base.py": "class Base:\n    pass\n",
        "base.py": "class Base:\n    pass\n",
    },
    "scripts in a package": {
        "pkg/__init__.py": "",
        "pkg/base.py": BASE,
        "pkg/net.py": NET.format(home="base"),
        "pkg/main.py": SCRIPT.format(home="net"),
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
def test_files_find_each_other(layout: str, tmp_path: Path) -> None:
    project, out = tmp_path / "project", tmp_path / "out"
    for name, text in LAYOUTS[layout].items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    command = [sys.executable, "-m", "tojax", "migrate", str(project), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    migration = Migration.model_validate_json((out / "migration.json").read_text())
    verdicts = [verdict for file in migration.files for verdict in file.verdicts]
    assert [(v.target, v.status) for v in verdicts] == [("Net", "verified")]
    script = next(path for path in out.rglob("main.py"))
    blocked = "import sys; sys.modules['torch'] = None; import runpy; runpy.run_path(sys.argv[1])"
    path = os.pathsep.join(map(str, (script.parent, out / "src")))
    ran = subprocess.run(
        [sys.executable, "-c", blocked, str(script)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout == "True\n", ran.stderr
