"""Writes a translated folder: JAX files, and everything else as it was."""

from __future__ import annotations

import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tojax.files import InputError, write_atomically
from tojax.nouns import MigratedFile, Translation
from tojax.source.folder import Folder
from tojax.workspace.copying import copy_entry, copy_folder_modes
from tojax.workspace.preconditions import STATE_FOLDER
from tojax.workspace.translation import TranslatedFolder


@dataclass
class Output:
    """A folder being written.

    Args:
        folder: the source.
        translated: its Python files, translated.
        root: where to write.
        link_other: make links to the source's other files instead of copies.
    """

    folder: Folder
    translated: TranslatedFolder
    root: Path
    link_other: bool = False
    files: list[MigratedFile] = field(default_factory=list)

    @property
    def changed(self) -> list[str]:
        """The paths of files that are not as in the source."""
        return [file.path for file in self.files if file.state in ("translated", "partial")]

    def write(self) -> None:
        """Write every file, each whole or not at all; note what became of it in ``files``.

        Raises:
            OSError: the destination cannot be written.
        """
        for relative in self.folder.folders:
            (self.root / relative).mkdir(parents=True, exist_ok=True)
        for path, translation in self.translated.translations.items():
            self.files.append(self._write_python(path, translation))
        for path, why in self.translated.failures.items():
            copied = self._copy(path)
            error = why if copied.error is None else copied.error
            self.files.append(copied.model_copy(update={"state": "failed", "error": error}))
        for path in self.folder.other:
            self.files.append(self._link(path) if self.link_other else self._copy(path))
        self.files.sort(key=lambda file: PurePosixPath(file.path).parts)
        if not self.link_other:
            copy_folder_modes(self.folder, self.root)

    def _write_python(self, path: str, translation: Translation) -> MigratedFile:
        source = self.translated.sources.get(path)
        if source is not None and translation.code == source.text:
            return self._copy(path)
        target = self.root / path
        if source is None:  # a helper module
            write_atomically(target, translation.code.encode())
            return MigratedFile(path=path, state="translated")
        try:
            data = source.encode(translation.code)
        except InputError as error:
            return self._copy(path).model_copy(update={"state": "failed", "error": str(error)})
        with suppress(FileNotFoundError):
            target.unlink()  # a link would be written through
        write_atomically(target, data, stat.S_IMODE((self.folder.root / path).stat().st_mode))
        return MigratedFile(
            path=path,
            state="translated" if translation.complete else "partial",
            unresolved=translation.unresolved,
        )

    def _copy(self, path: str) -> MigratedFile:
        source = self.folder.root / path
        try:
            copy_entry(source, self.root / path)
        except OSError as error:
            reason = f"{source}: {(error.strerror or str(error)).lower()}"
            return MigratedFile(path=path, state="failed", error=reason)
        return MigratedFile(path=path, state="copied")

    def _link(self, path: str) -> MigratedFile:
        (self.root / path).symlink_to((self.folder.root / path).absolute())
        return MigratedFile(path=path, state="copied")


def replace_originals(source: Path, output: Path, paths: list[str]) -> None:
    """Put the files at ``paths`` below ``output`` in place of those below ``source``.

    The originals are first copied to a new numbered folder in ``.tojax/backup``.

    Raises:
        OSError: a file cannot be written; those not yet replaced are as they were.
    """
    backups = source / STATE_FOLDER / "backup"
    number = 1
    while (backups / str(number)).exists():
        number += 1
    backup = backups / str(number)
    existing = [path for path in paths if (source / path).exists()]
    for path in existing:
        (backup / path).parent.mkdir(parents=True, exist_ok=True)
        copy_entry(source / path, backup / path)
    for path in paths:
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        copy_entry(output / path, source / path)
