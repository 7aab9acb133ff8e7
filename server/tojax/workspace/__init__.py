"""Work on whole folders: finding their Python files, and `migrate`."""

from __future__ import annotations

from tojax.workspace.migrate import migrate
from tojax.workspace.preconditions import MigrationError
from tojax.workspace.tree import Folder, python_files

__all__ = ["Folder", "MigrationError", "migrate", "python_files"]
