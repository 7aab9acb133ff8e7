"""What was computed from files, kept on disk under the hash of their contents."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import platformdirs

from tojax.files import write_atomically

_FOLDER = Path(platformdirs.user_cache_dir("tojax"))


def cached_by_content(paths: Iterable[Path], compute: Callable[[], Any]) -> Any:
    """The value that ``compute`` gives, from disk if these files have not changed since.

    A cache that cannot be read or written is left aside.

    Args:
        paths: the files that the value depends on, the code of ``compute`` among them.
        compute: gives a value that JSON can hold.
    """
    digest = hashlib.sha256()
    for path in paths:
        data = path.read_bytes()
        digest.update(f"{path.name} {len(data)} ".encode() + data)
    entry = _FOLDER / f"{digest.hexdigest()}.json"
    with contextlib.suppress(OSError, ValueError):
        return json.loads(entry.read_bytes())
    value = compute()
    with contextlib.suppress(OSError):
        _FOLDER.mkdir(parents=True, exist_ok=True)
        write_atomically(entry, json.dumps(value).encode())
    return value
