"""Copies what a migration does not translate."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

from tojax.source.folder import Folder


def copy_entry(source: Path, destination: Path) -> None:
    """Copy a file with its mode, or a link as a link, in place of what is there.

    Raises:
        OSError: the file cannot be read or written.
    """
    temporary = destination.with_name(f".{destination.name}.tojax-copy")
    try:
        shutil.copy2(source, temporary, follow_symlinks=False)
        temporary.replace(destination)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def copy_folder_modes(source: Folder, destination: Path) -> None:
    """Give the destination's folders the permissions of the source's, innermost first."""
    for relative in reversed(source.folders):
        mode = stat.S_IMODE((source.root / relative).stat().st_mode)
        (destination / relative).chmod(mode)
