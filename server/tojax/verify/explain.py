"""An exception of the code under test, in one line."""

from __future__ import annotations

import traceback
from pathlib import Path

LONGEST = 1500


def explain(error: BaseException) -> str:
    """The error and the last line of the code under test that it passed through."""
    text = f"{type(error).__name__}: {error}".strip()
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if is_own(frame.filename)]
    if own and own[-1].line:
        frame = own[-1]
        text += f" (line {frame.lineno} of {Path(frame.filename).name}: {frame.line})"
    return text[:LONGEST]


def is_own(filename: str) -> bool:
    """Whether a file is code under test, rather than ours or a library's."""
    return not any(part in filename for part in ("tojax/verify", "site-packages", "<"))
