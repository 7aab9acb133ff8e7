"""Runs tojax the way people do: as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import tojax

PACKAGE_PARENT = str(Path(tojax.__file__).parents[1])


def environment(**changes: str) -> dict[str, str]:
    """This process's environment, in which `import tojax` finds the tojax under test."""
    return {**os.environ, "PYTHONPATH": PACKAGE_PARENT, **changes}


def run_tojax(
    *arguments: str | Path,
    stdin: bytes = b"",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = 300,
) -> subprocess.CompletedProcess[bytes]:
    """Run ``python -m tojax`` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "tojax", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=environment() if env is None else dict(env),
        timeout=timeout,
        check=False,
    )
