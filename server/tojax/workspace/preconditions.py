"""What has to hold before a migration writes anything."""

from __future__ import annotations

import subprocess
from pathlib import Path

from pydantic import ValidationError

from tojax.nouns import Migration
from tojax.source.folder import Folder

RECORD = "migration.json"
STATE_FOLDER = ".tojax"


class MigrationError(Exception):
    """A folder that cannot be migrated as asked; nothing was written."""


def readable_folder(source: Path, destination: Path | None) -> Folder:
    """The source's files, the destination and the record of an earlier migration left out.

    Raises:
        MigrationError: the source is no folder, has no Python file, or has another tool's
            ``migration.json``.
    """
    try:
        folder = Folder.read(source, without=destination)
    except OSError as error:
        raise MigrationError(f"{source}: {(error.strerror or str(error)).lower()}") from None
    if not folder.python:
        raise MigrationError(f"{source}: no Python file in this folder")
    if RECORD in folder.other:
        try:
            Migration.model_validate_json((source / RECORD).read_bytes())
        except (OSError, ValidationError):
            text = f"{source / RECORD}: would be replaced by the record of the migration; rename it"
            raise MigrationError(text) from None
        folder.other.remove(RECORD)
    return folder


def check_destination(source: Path, destination: Path, may_have_files: bool) -> None:
    """A destination must be apart from the source, and empty unless said otherwise.

    Raises:
        MigrationError: it is not.
    """
    resolved = destination.resolve()
    if source.resolve().is_relative_to(resolved):
        raise MigrationError(f"{destination}: contains the source; use --in-place to replace files")
    if destination.exists() and not destination.is_dir():
        raise MigrationError(f"{destination}: is a file")
    if destination.is_dir() and any(destination.iterdir()) and not may_have_files:
        raise MigrationError(
            f"{destination}: is not empty; use --force, or --resume to go on there"
        )


def check_in_place(source: Path, force: bool) -> None:
    """Files are replaced only where git can bring them back, unless ``force`` says otherwise.

    Raises:
        MigrationError: the folder is not under version control, or has changes.
    """
    if force:
        return
    command = ["git", "-C", str(source), "status", "--porcelain", "--", "."]
    try:
        status = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        raise MigrationError(f"{source}: is not under version control; use --force") from None
    if status:
        raise MigrationError(f"{source}: has uncommitted changes; commit them or use --force")
