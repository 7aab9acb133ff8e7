"""Where the rule libraries lie."""

from __future__ import annotations

from pathlib import Path


def rules_folder() -> Path:
    """The folder with ``api/`` and ``bugs/``: inside the installed package or in the repository."""
    packaged = Path(__file__).parent / "_library"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "rules"
