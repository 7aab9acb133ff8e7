"""Which files of a project a file depends on, by its imports: what its verdict rests on."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath


def reachable(texts: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Relative path → the project's files that it imports, directly or not, and itself.

    An import may mean any file of the project whose dotted path ends like it: too many rather than
    too few. A text that does not parse imports nothing.
    """
    by_suffix: dict[str, set[str]] = {}
    for path in texts:
        parts = _dotted(path).split(".")
        for start in range(len(parts)):
            by_suffix.setdefault(".".join(parts[start:]), set()).add(path)
    direct = {
        path: set().union(*(by_suffix.get(name, ()) for name in _imported(path, text)))
        for path, text in texts.items()
    }
    return {path: _closure(path, direct) for path in texts}


def _dotted(path: str) -> str:
    parts = PurePosixPath(path).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def _imported(path: str, text: str) -> Iterator[str]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    package = PurePosixPath(path).parent.parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _prefixes(alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            origin = ".".join((*base, *filter(None, [node.module])))
            yield from _prefixes(origin)
            for alias in node.names:
                yield f"{origin}.{alias.name}" if origin else alias.name


def _prefixes(name: str) -> Iterator[str]:
    """A dotted name and the packages around it, whose ``__init__`` runs first."""
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        yield ".".join(parts[:end])


def _closure(path: str, direct: Mapping[str, set[str]]) -> frozenset[str]:
    found, open_paths = {path}, [path]
    while open_paths:
        for other in direct[open_paths.pop()] - found:
            found.add(other)
            open_paths.append(other)
    return frozenset(found)
