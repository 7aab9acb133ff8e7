"""``[tool.tojax]`` of pyproject.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tojax.translate.context import Init


class PyprojectError(ValueError):
    """The file, or a setting in it, is wrong; the sentence says which."""


def tool_table(folder: Path, *names: str) -> dict[str, object]:
    """The table ``[tool.tojax]``, or one inside it, of the nearest pyproject.toml.

    Args:
        folder: where to look, then in its parents.
        names: the way to a table inside.

    Raises:
        PyprojectError: the file cannot be read, or there is something else than a table.
    """
    folders = (folder.resolve(), *folder.resolve().parents)
    path = next((p for each in folders if (p := each / "pyproject.toml").is_file()), None)
    if path is None:
        return {}
    try:
        table: object = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PyprojectError(f"{path} cannot be read: {error}") from None
    keys = ("tool", "tojax", *names)
    for key in keys:
        table = table.get(key, {}) if isinstance(table, dict) else {}
    if not isinstance(table, dict):
        raise PyprojectError(f"{path}: {'.'.join(keys)} has to be a table")
    return dict(table)


def initialisation(folder: Path) -> Init:
    """The setting ``init``: like whose layers new parameters start.

    Raises:
        PyprojectError: it is something else, or the file cannot be read.
    """
    value = tool_table(folder).get("init", "flax")
    if value == "flax" or value == "torch":
        return "torch" if value == "torch" else "flax"
    raise PyprojectError(f'[tool.tojax]: init has to be "flax" or "torch", not {value!r}')
