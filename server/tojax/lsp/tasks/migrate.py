"""Translating a workspace: the same as `tojax migrate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tojax.lsp.worker import Handler, JobError, Progress


def migrate(params: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Migrate ``folder`` to ``out``; progress tells the files, then each that was verified."""
    from tojax.workspace import Folder, MigrationError
    from tojax.workspace import migrate as migrate_folder
    from tojax.workspace.preconditions import RECORD

    source, destination = Path(params["folder"]), Path(params["out"])
    try:
        progress({"files": Folder.read(source, without=destination).python})
        migration = migrate_folder(
            source,
            destination,
            resume=(destination / RECORD).is_file(),
            init=params["init"],
            verify=params["verify"],
            device=params["device"],
            on_progress=lambda path, done, total: progress(
                {"path": path, "done": done, "total": total}
            ),
        )
    except MigrationError as error:
        raise JobError(str(error)) from None
    found: dict[str, Any] = migration.model_dump(mode="json")
    return found


METHODS: dict[str, Handler] = {"migrate": migrate}
