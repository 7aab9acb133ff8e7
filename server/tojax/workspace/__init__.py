"""Work on whole folders: finding their Python files, and `migrate`."""

from __future__ import annotations

from tojax.source.folder import Folder, python_files
from tojax.workspace.migrate import migrate
from tojax.workspace.preconditions import MigrationError

__all__ = ["Folder", "MigrationError", "migrate", "python_files"]
