"""What lies in a project's folder, and what of it a migration has to do with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tojax.files import PYTHON_SUFFIXES

# Made by tools for one machine: neither translated nor copied.
_MACHINE_FOLDERS = {
    ".git",
    ".hg",
    ".svn",
    ".tojax",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".tox",
    "__pycache__",
    "node_modules",
}


@dataclass
class Folder:
    """Relative POSIX paths below ``root``: Python sources, everything else, and the folders."""

    root: Path
    python: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, root: Path, *, without: Path | None = None) -> Folder:
        """List a folder.

        Version control, virtual environments, caches and ``without`` are left out. Python files in
        hidden folders, and links to Python files, count as something else.

        Raises:
            OSError: the folder cannot be listed.
        """
        folder = cls(root)
        folder._list(root, "", False, without.resolve() if without else None)
        return folder

    def _list(self, path: Path, prefix: str, is_hidden: bool, without: Path | None) -> None:
        for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
            relative = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                child = Path(entry.path)
                if _is_machine_folder(child) or child.resolve() == without:
                    continue
                self.folders.append(relative)
                hidden = is_hidden or entry.name.startswith(".")
                self._list(child, f"{relative}/", hidden, without)
            elif entry.is_symlink():
                self.other.append(relative)
            elif entry.is_file(follow_symlinks=False):  # no sockets, pipes or devices
                is_python = entry.name.endswith(PYTHON_SUFFIXES) and not is_hidden
                (self.python if is_python else self.other).append(relative)


def _is_machine_folder(path: Path) -> bool:
    return path.name in _MACHINE_FOLDERS or (path / "pyvenv.cfg").is_file()


def python_files(root: Path) -> Iterator[Path]:
    """The Python files of a folder that people work on.

    Raises:
        OSError: the folder cannot be listed.
    """
    return (root / path for path in Folder.read(root).python)
