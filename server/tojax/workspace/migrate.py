"""``migrate``: a folder of PyTorch code → a folder of JAX code, verified."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from tojax.deep_stack import with_deep_stack
from tojax.files import write_atomically
from tojax.nouns import Migration
from tojax.source.folder import Folder
from tojax.translate.context import Init
from tojax.translate.helper_modules import HELPER_MODULE
from tojax.workspace.journal import Journal, content_key
from tojax.workspace.output import Output, replace_originals
from tojax.workspace.preconditions import (
    RECORD,
    STATE_FOLDER,
    MigrationError,
    check_destination,
    check_in_place,
    readable_folder,
)
from tojax.workspace.reach import reachable
from tojax.workspace.translation import TranslatedFolder, translate_folder
from tojax.workspace.verification import missing_frameworks, verify_paths

Progress = Callable[[str, int, int], None]


def migrate(
    source: Path,
    destination: Path,
    *,
    force: bool = False,
    in_place: bool = False,
    resume: bool = False,
    jobs: int = 1,
    init: Init = "flax",
    verify: bool = True,
    device: str = "auto",
    on_progress: Progress | None = None,
) -> Migration:
    """Translate a project's Python files together, copy the rest, and verify what has inputs.

    A file that cannot be read, parsed or translated is copied as it is and recorded as failed; the
    others are migrated. What happened is also written to ``migration.json`` in the destination.

    Args:
        source: the project's folder.
        destination: where the JAX version goes; the source itself with ``in_place``.
        force: write into a destination that has files (only same-named ones are replaced) or, in
            place, into a folder that git does not hold unchanged.
        in_place: replace the project's own files, after verification; the originals are kept in
            ``.tojax/backup/``.
        resume: take up an earlier migration to the same destination: what has a verdict and did not
            change, nor anything that it imports, is not verified again.
        jobs: how many files to verify at a time.
        init: like whose layers new parameters start: ``"flax"`` or ``"torch"``.
        verify: whether to verify at all; left out where torch or jax is not installed.
        device: where to verify: ``"auto"``, ``"cpu"`` or ``"cuda"``.
        on_progress: called with a file's path, how many files are verified, and of how many.

    Raises:
        MigrationError: the folders do not allow it; nothing was written.
        OSError: the destination cannot be written.
    """
    folder = readable_folder(source, None if in_place else destination)
    if in_place:
        check_in_place(source, force)
    else:
        check_destination(source, destination, force or resume)
    translated = translate_folder(source, folder.python, init)
    _check_helpers(source, translated)
    state = _state_folder(destination)
    with _output_root(state, destination, in_place) as root:
        output = Output(folder, translated, root, link_other=in_place)
        output.write()
        if verify and not missing_frameworks():
            journal = Journal(state / "journal.json", keep=resume)
            _verify(output, journal, jobs, device, on_progress or _no_progress)
        if in_place:
            replace_originals(source, root, output.changed)
    migration = Migration(
        source=str(source), destination=str(destination), files=tuple(output.files)
    )
    record = f"{migration.model_dump_json(indent=2)}\n"
    write_atomically(destination / RECORD, record.encode())
    return migration


def _no_progress(path: str, done: int, total: int) -> None:
    """Tell nobody."""


def _check_helpers(source: Path, translated: TranslatedFolder) -> None:
    for path, translation in translated.translations.items():
        own = translated.sources.get(path)
        is_helper = PurePosixPath(path).stem == HELPER_MODULE
        if is_helper and own is not None and own.text != translation.code:
            text = f"{source / path}: would be replaced by a generated module; rename it"
            raise MigrationError(text)


def _state_folder(destination: Path) -> Path:
    """The folder for what tojax keeps beside the output, which hides itself from git."""
    state = destination / STATE_FOLDER
    state.mkdir(parents=True, exist_ok=True)
    write_atomically(state / ".gitignore", b"*\n")
    return state


@contextmanager
def _output_root(state: Path, destination: Path, in_place: bool) -> Iterator[Path]:
    if not in_place:
        yield destination
        return
    with tempfile.TemporaryDirectory(prefix="output-", dir=state) as name:
        yield Path(name)


def _verify(
    output: Output, journal: Journal, jobs: int, device: str, on_progress: Progress
) -> None:
    """Add verdicts to the files of an output, from the journal where it has them."""
    paths = [path for path in output.changed if path in output.translated.sources]
    keys = _content_keys(output, paths, device)
    known = {path: journal.verdicts(keys[path]) for path in paths}
    found = {path: verdicts for path, verdicts in known.items() if verdicts is not None}
    open_paths = [path for path in paths if path not in found]
    torch_root = output.folder.root
    for path, verdicts in verify_paths(
        torch_root, output.root, open_paths, jobs=jobs, device=device
    ):
        found[path] = verdicts
        journal.record(keys[path], verdicts)
        on_progress(path, len(found), len(paths))
    output.files = [
        file.model_copy(update={"verdicts": tuple(found.get(file.path, ()))})
        for file in output.files
    ]


def _content_keys(output: Output, paths: list[str], device: str) -> dict[str, str]:
    torch_side = {path: source.text for path, source in output.translated.sources.items()}
    jax_side = {path: t.code for path, t in output.translated.translations.items()}
    torch_reach, jax_reach = with_deep_stack(lambda: (reachable(torch_side), reachable(jax_side)))
    environment = f"{device} {_stamp(output.folder)}"
    return {
        path: content_key(
            path, torch_reach[path] | jax_reach[path], (torch_side, jax_side), environment
        )
        for path in paths
    }


def _stamp(folder: Folder) -> str:
    """Changes whenever a file that is not Python does: any code may read it."""
    entries = []
    for path in folder.other:
        status = (folder.root / path).lstat()
        entries.append((path, status.st_size, status.st_mtime_ns))
    return json.dumps(entries)
