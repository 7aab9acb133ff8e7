"""Files that no command can work on, and what the user has to be told about each."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class BadInput:
    """``make`` puts it at a path; the line is ``<path><place>: <message>…``, ``place``
    being a regular expression."""

    name: str
    make: Callable[[Path], object]
    place: str
    message: str


def _bytes(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


BAD_INPUTS = {
    "missing": BadInput("m.py", lambda path: None, "", "no such file or directory"),
    "link to itself": BadInput(
        "m.py", lambda path: path.symlink_to(path.name), "", "too many levels of symbolic links"
    ),
    "not Python by its name": BadInput(
        "m.ipynb", _bytes(b'{"cells": []}'), "", "not a Python file"
    ),
    "binary": BadInput("m.py", _bytes(b"\x7fELF\x02\n\x01\x00\x00"), ":2:2", "null byte"),
    "UTF-16": BadInput("m.py", _bytes("x = 1\n".encode("utf-16-le")), ":1:2", "null byte"),
    "not UTF-8": BadInput(
        "m.py", _bytes(b"import torch\n\nx = '\xe9t\xe9'\n"), ":3:6", "not UTF-8: cannot decode"
    ),
    "not UTF-8 after the mark": BadInput(
        "m.py", _bytes(codecs.BOM_UTF8 + b"x = '\xff'\n"), ":1:6", "not UTF-8: cannot decode"
    ),
    "not as it declares": BadInput(
        "m.py", _bytes(b"# coding: ascii\nx = '\xc3\xa9'\n"), ":2:6", "not ASCII: cannot decode"
    ),
    "unknown encoding": BadInput(
        "m.py", _bytes(b"# -*- coding: klingon -*-\n"), ":1:1", "unknown encoding"
    ),
    "syntax error": BadInput(
        "m.py", _bytes(b"import torch\n\ndef f(x):\n    return x +\n"), ":4:15", "syntax error: "
    ),
    "syntax error after a wide character": BadInput(
        "m.py", _bytes("s = 'é'; x = = 1\n".encode()), ":1:14", "syntax error: "
    ),
    "bad indentation": BadInput("m.py", _bytes(b"if 1:\nx = 2\n"), r":[12]:\d+", "syntax error: "),
    "Python 2": BadInput("m.py", _bytes(b"print 'hello'\n"), ":1:1", "syntax error: "),
    "open bracket": BadInput("m.py", _bytes(b"x = (1,\ny = 2\n"), ":1:5", "syntax error: "),
    "300 parentheses": BadInput(
        "m.py", _bytes(b"x = " + b"(" * 300 + b")" * 300 + b"\n"), r":1:\d+", "syntax error: "
    ),
}
