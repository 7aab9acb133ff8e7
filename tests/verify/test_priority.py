"""Background work gives way outside of its own session, too."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.process import environment
from tojax.verify.priority import AUTOGROUP

_CHILD = """
import os
from tojax.verify.priority import AUTOGROUP, keep_niceness
os.nice(7)
keep_niceness()
print(AUTOGROUP.read_text() if AUTOGROUP.exists() else "nice 7")
"""


def test_a_session_of_its_own_keeps_its_niceness() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _CHILD],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
    )
    expected = os.nice(0) + 7
    if AUTOGROUP.exists():
        assert ran.stdout.split()[-1] == str(expected)
    else:  # no groups: niceness counts everywhere
        assert ran.stdout.strip() == "nice 7"
