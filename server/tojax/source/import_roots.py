"""Where absolute imports start: beside a script, in the project's folder, in ``src``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import PurePosixPath

from tojax.source.names import is_torch

_SOURCES = "src"  # the folder that holds what is installed, also modules outside packages


def module_name(path: str) -> str:
    """The dotted name of a file from the project's folder; a package is named by its folder."""
    parts = list(PurePosixPath(path).with_suffix("").parts)
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    return ".".join(parts)


class ImportRoots:
    """The folders of a project from which its files import each other.

    Python looks beside the script that runs and along ``PYTHONPATH``; which those are, a project
    does not say. What a file imports is taken to be what lies nearest, or else the only package of
    its name.

    Args:
        paths: the project's Python files, relative POSIX paths.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        files = [PurePosixPath(path) for path in paths]
        self._packages = {str(file.parent) for file in files if file.name == "__init__.py"}
        self._modules: set[str] = set()
        roots: set[str] = set()
        for file in files:
            own = file.parent if file.name == "__init__.py" else file.with_suffix("")
            self._modules.update(str(place) for place in (own, *own.parents))
            roots.add(self._outside(file.parent))
        self._roots = sorted(roots, key=lambda root: (root.count("/"), root))

    def search_path(self, path: str) -> tuple[list[str], list[str]]:
        """Folders in which the absolute imports of a file are looked for, in this order: before
        what is installed, and after it."""
        near = [*self._above(path), *self._inside(path)]
        return near, [root for root in self._roots if root not in near]

    def folder(self, path: str, name: str) -> str | None:
        """The folder from which a file imports a module.

        Args:
            path: the importing file.
            name: the module's absolute name there.

        Returns:
            None if no file of the project is meant.
        """
        if not name or is_torch(name):
            return None
        is_standard = name.partition(".")[0] in sys.stdlib_module_names
        near = self._above(path) if is_standard else [*self._above(path), *self._inside(path)]
        found = next((folder for folder in near if self._has(folder, name)), None)
        if found is not None or is_standard:
            return found
        installing = [root for root in self._roots if self._installs(root, name)]
        return installing[0] if len(installing) == 1 else None

    def located(self, path: str, name: str) -> str:
        """The dotted name, from the project's folder, of a module that a file imports as ``name``;
        ``name`` itself if no file of the project is meant."""
        folder = self.folder(path, name)
        return name if folder is None else ".".join((*PurePosixPath(folder).parts, name))

    def import_name(self, path: str) -> str:
        """The dotted name under which the files of a package import each other; that from the
        project's folder for a file outside packages."""
        folder = PurePosixPath(path).parent
        outside = self._outside(folder) if str(folder) in self._packages else "."
        return module_name(str(PurePosixPath(path).relative_to(outside)))

    def is_package(self, folder: str) -> bool:
        """Whether a folder is a package; what is imported from its inside is so by a script."""
        return folder in self._packages

    def _above(self, path: str) -> list[str]:
        """The folder around a file's package, or that of a script, and those above it."""
        around = PurePosixPath(self._outside(PurePosixPath(path).parent))
        return [str(around), *map(str, around.parents)]

    def _inside(self, path: str) -> list[str]:
        """A file's package and those around it, from which it imports when it runs as a script."""
        above = self._above(path)
        return [str(p) for p in PurePosixPath(path).parents if str(p) not in above]

    def _outside(self, folder: PurePosixPath) -> str:
        """The nearest folder that is no package."""
        while str(folder) in self._packages and folder.parts:
            folder = folder.parent
        return str(folder)

    def _installs(self, root: str, name: str) -> bool:
        top = str(PurePosixPath(root, name.partition(".")[0]))
        is_source = top in self._packages or PurePosixPath(root).name == _SOURCES
        return is_source and self._has(root, name)

    def _has(self, folder: str, name: str) -> bool:
        return str(PurePosixPath(folder, *name.split("."))) in self._modules
