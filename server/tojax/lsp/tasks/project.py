"""The files of a project that one file imports, so that it can be run away from its folder."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from tojax.source.folder import Folder
from tojax.source.import_roots import ImportRoots

_LIMIT = 400


def imported_files(root: Path, file: str, overlay: Mapping[str, str]) -> dict[str, str]:
    """Relative path → text of a file and everything of its project that it imports.

    Args:
        root: the project's folder.
        file: the file's path in it.
        overlay: texts that stand for those on disk.
    """
    roots = ImportRoots({*Folder.read(root).python, file})
    found: dict[str, str] = {}
    queue = [file]
    while queue and len(found) < _LIMIT:
        path = queue.pop()
        if path in found:
            continue
        text = overlay.get(path)
        if text is None:
            text = _read(root / path)
        if text is None:
            continue
        found[path] = text
        queue += [near for near in _imports(roots, root, path, text) if near not in found]
    return found


def _read(path: Path) -> str | None:
    from tojax.files import InputError, read_source

    try:
        return read_source(path).text
    except InputError:
        return None


def _imports(roots: ImportRoots, root: Path, path: str, text: str) -> Iterator[str]:
    """Paths that the imports of a file may mean, packages around them included."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _files(root, roots.folder(path, alias.name), alias.name)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            folder = roots.folder(path, module)
            if node.level:
                above = PurePosixPath(path).parents
                folder = str(above[min(node.level, len(above)) - 1])
            yield from _files(root, folder, module)
            for alias in node.names:
                yield from _files(root, folder, f"{module}.{alias.name}".strip("."))


def _files(root: Path, folder: str | None, name: str) -> Iterator[str]:
    parts = name.split(".") if name else []
    for length in range(len(parts) + 1) if folder is not None else ():
        place = PurePosixPath(folder or "", *parts[:length])
        candidates = [place / "__init__.py"]
        if length:
            candidates.append(place.with_name(f"{place.name}.py"))
        yield from (str(item) for item in candidates if (root / item).is_file())
