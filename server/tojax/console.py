"""Input and output of the command line: standard streams, error lines, the progress bar."""

from __future__ import annotations

import ast
import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn, TypeVar

import typer

from tojax.deep_stack import with_deep_stack
from tojax.files import InputError, SourceText, decode_source, input_errors, read_source
from tojax.files import write_atomically as write_file

STANDARD_INPUT = "-"

Result = TypeVar("Result")


def fail(*errors: str) -> NoReturn:
    """Print the errors, one line each, and end with status 2."""
    print(*errors, sep="\n", file=sys.stderr)
    raise typer.Exit(2)


class Errors:
    """Collects what is wrong with several inputs, so that all of it is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    @contextlib.contextmanager
    def collect(self) -> Iterator[None]:
        """Note an `InputError` instead of raising it."""
        try:
            yield
        except InputError as error:
            self.lines.append(str(error))

    def fail_if_any(self) -> None:
        """End with status 2 if something was noted."""
        if self.lines:
            fail(*self.lines)


def read(name: str) -> SourceText:
    """Read a Python file, or standard input for ``-``.

    Raises:
        InputError: it cannot be read or decoded.
    """
    if name == STANDARD_INPUT:
        return decode_source(sys.stdin.buffer.read(), name)
    return read_source(Path(name))


def on_source(
    filename: str, work: Callable[[], Result], passing: type[Exception] = InputError
) -> Result:
    """Run ``work`` on the text of a file, with room for deep nesting.

    Exceptions of the type ``passing`` stay as they are.

    Raises:
        InputError: the text does not parse, or the engine fails on it.
    """
    from tojax.workspace.translation import internal_error

    try:
        with input_errors(filename):
            return with_deep_stack(work)
    except (InputError, passing):
        raise
    except Exception as error:
        raise InputError(internal_error(error), filename, 1, 1) from error


def expand(names: list[str], errors: Errors) -> Iterator[str]:
    """Files as they are given, and the Python files of folders."""
    from tojax.source.folder import python_files

    for name in names:
        path = Path(name)
        if name == STANDARD_INPUT or not path.is_dir():
            yield name
            continue
        with errors.collect():
            try:
                found = sorted(map(str, python_files(path)))
            except OSError as error:
                raise InputError(os_reason(error), str(error.filename or path)) from None
            if not found:
                raise InputError("no Python file in this folder", name)
            yield from found


def parse(source: SourceText) -> None:
    """See whether a source parses.

    Raises:
        InputError: it does not.
    """
    on_source(source.filename, lambda: ast.parse(source.text))


def write(data: bytes, path: Path | None = None) -> None:
    """Write to a file, or to standard output."""
    if path is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        write_file(Path(os.path.realpath(path)), data)
    except OSError as error:
        fail(f"{path}: {os_reason(error)}")


def os_reason(error: OSError) -> str:
    """Why the operating system refused, in lower case as all messages."""
    return (error.strerror or str(error)).lower()


@contextlib.contextmanager
def progress_bar(title: str) -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error while the block runs, if that is a terminal.

    Yields:
        A function to call with what is being worked on, how much is done, and of how much.
    """
    if not sys.stderr.isatty():
        yield lambda what, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=None)

        def advance(what: str, done: int, total: int) -> None:
            progress.update(task, completed=done, total=total, description=f"{title} {what}")

        yield advance
