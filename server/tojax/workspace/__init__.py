"""Work on whole folders: finding their Python files, and `migrate`."""

from __future__ import annotations

from tojax.workspace.migrate import MigrationError, migrate
from tojax.workspace.tree import Folder, python_files

__all__ = ["Folder", "MigrationError", "migrate", "python_files"]
