"""Which files of a folder are Python to translate, which are copied, which are left."""

from __future__ import annotations

import os
from pathlib import Path

from tojax.source.folder import Folder


def test_what_counts_as_what(tmp_path: Path) -> None:
    files = [
        "a.py",
        "b.pyi",
        "data.bin",
        "pkg/c.py",
        ".hidden/d.py",
        ".gitignore",
        ".git/hooks/e.py",
        "env/pyvenv.cfg",
        "env/lib/f.py",
        "__pycache__/g.py",
        "node_modules/h.py",
        "out/i.py",
    ]
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "link.py").symlink_to("a.py")
    (tmp_path / "loop").symlink_to(".")
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "empty").mkdir()
    folder = Folder.read(tmp_path, without=tmp_path / "out")
    assert folder.python == ["a.py", "b.pyi", "pkg/c.py"]
    assert folder.other == [".gitignore", ".hidden/d.py", "data.bin", "link.py", "loop"]
    assert folder.folders == [".hidden", "empty", "pkg"]
