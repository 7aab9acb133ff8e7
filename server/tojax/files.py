"""Python files as bytes and as text: reading with clear errors, writing without half-written files.

A text that is written back unchanged gives the same bytes: byte-order mark, encoding declaration
(PEP 263) and Windows line ends are kept.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import stat
import tempfile
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PYTHON_SUFFIXES = (".py", ".pyi", ".pyw")


class InputError(Exception):
    """Input that cannot be used; reads ``file:line:column: message``, counted from one."""

    def __init__(
        self, message: str, filename: str, line: int | None = None, column: int | None = None
    ) -> None:
        place = [filename, *(str(number) for number in (line, column) if number is not None)]
        super().__init__(f"{':'.join(place)}: {message}")
        self.message = message
        self.filename = filename
        self.line = line
        self.column = column


@dataclass(frozen=True)
class SourceText:
    """A decoded Python file: no byte-order mark, and plain line ends where all are Windows's."""

    text: str
    filename: str
    encoding: str = "utf-8"
    mark: bytes = b""
    newline: str = "\n"

    def encode(self, text: str) -> bytes:
        """Another text in the form of this file.

        Raises:
            InputError: the file's encoding lacks a character of ``text``.
        """
        if self.newline != "\n":
            text = text.replace("\n", self.newline)
        try:
            return self.mark + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise InputError(
                f"cannot be written back as {self.encoding}: {error}", self.filename
            ) from None


def read_source(path: Path) -> SourceText:
    """Read a Python file.

    Raises:
        InputError: it cannot be read, is not Python by its name, or does not decode.
    """
    filename = str(path)
    if path.suffix and path.suffix not in PYTHON_SUFFIXES and not path.is_dir():
        raise InputError("not a Python file", filename)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError((error.strerror or str(error)).lower(), filename) from None
    return decode_source(data, filename)


def decode_source(data: bytes, filename: str) -> SourceText:
    """Decode Python source the way Python does.

    Raises:
        InputError: with the position of the first byte that does not decode.
    """
    if b"\0" in data:
        line, column = _position(data, data.index(b"\0"))
        raise InputError("null byte: a binary or UTF-16 file, not Python", filename, line, column)
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    encoding = _encoding(data, filename)
    body = data[len(mark) :]
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        line, column = _position(body, error.start)
        reason = f"not {encoding.upper()}: cannot decode byte 0x{body[error.start]:02x}"
        raise InputError(reason, filename, line, column) from None
    has_windows_ends = "\r\n" in text and text.count("\r\n") == text.count("\n") == text.count("\r")
    if has_windows_ends:
        return SourceText(text.replace("\r\n", "\n"), filename, encoding, mark, "\r\n")
    return SourceText(text, filename, encoding, mark)


def _encoding(data: bytes, filename: str) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return "utf-8"  # decoding fails again, with the position
        raise InputError(str(error).partition(" for ")[0], filename, 1, 1) from None
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _position(data: bytes, offset: int) -> tuple[int, int]:
    """Line and column, from one, of a byte."""
    start = data.rfind(b"\n", 0, offset) + 1
    column = len(data[start:offset].decode("utf-8", "replace"))
    return data.count(b"\n", 0, offset) + 1, column + 1


@contextlib.contextmanager
def input_errors(filename: str) -> Iterator[None]:
    """Turn what Python's parser raises about a source text into `InputError`."""
    try:
        yield
    except SyntaxError as error:
        reason = f"syntax error: {error.msg}"
        raise InputError(reason, filename, error.lineno or 1, error.offset or 1) from None
    except (RecursionError, MemoryError):
        raise InputError("nested too deeply for Python's parser", filename, 1, 1) from None


def write_atomically(path: Path, data: bytes, mode: int | None = None) -> None:
    """Write a whole file or nothing, through a temporary file beside it.

    Args:
        path: a new file, a file to replace, or something such as ``/dev/null`` to write into.
        data: its content.
        mode: its permissions; by default those of the file that it replaces, or of a new file.

    Raises:
        OSError: the file cannot be written.
    """
    with contextlib.suppress(FileNotFoundError):
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            path.write_bytes(data)
            return
        mode = stat.S_IMODE(status.st_mode) if mode is None else mode
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        temporary.chmod(_new_file_mode() if mode is None else mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _new_file_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
