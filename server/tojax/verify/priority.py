"""Background work stays in the background, also in a session of its own."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

AUTOGROUP = Path("/proc/self/autogroup")


def keep_niceness() -> None:
    """Give the scheduling group of a new session the niceness of this process.

    Linux makes each session a group of its own (sched(7), "The autogroup feature"): niceness then
    orders processes within the group only, and the group as a whole competes like any other.
    """
    with contextlib.suppress(OSError):
        AUTOGROUP.write_text(str(os.nice(0)), encoding="ascii")
