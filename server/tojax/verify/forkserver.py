"""The loop of a worker: forks one child per job and watches it.

A request is one line of JSON on standard input: ``{"folder", "limits", "device"}``; the job itself
lies in the folder. The answer is one line on standard output: ``{"outcome", "detail"}``.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tojax.verify.isolation import Limits, isolate

POLL_SECONDS = 0.01


def serve(run_job: Callable[[Path, str], None]) -> None:
    """Answer requests until standard input closes.

    Args:
        run_job: runs the job of a folder on a device, in a child process.
    """
    requests = os.fdopen(os.dup(0), "r", encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # nothing but answers may reach the other side
    answers.write(json.dumps({"outcome": "ready", "detail": sys.version}) + "\n")
    answers.flush()
    for line in requests:
        answers.write(json.dumps(_run(json.loads(line), run_job)) + "\n")
        answers.flush()


def _run(request: dict[str, Any], run_job: Callable[[Path, str], None]) -> dict[str, str]:
    folder, device = Path(request["folder"]), request["device"]
    limits = Limits(**request["limits"])
    child = os.fork()
    if child == 0:
        status = 1
        try:
            isolate(folder, limits, device)
            run_job(folder, device)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(Exception):
                    stream.flush()
            os._exit(status)  # neither exit handlers nor this loop's own frames may run
    return _watch(child, limits)


def _watch(child: int, limits: Limits) -> dict[str, str]:
    deadline = time.monotonic() + limits.seconds
    outcome = {"outcome": "timeout", "detail": f"still running after {limits.seconds:g} seconds"}
    while time.monotonic() < deadline:
        # Left as a zombie until its group is killed, so that the group's number is not reused.
        state = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if state is not None:
            outcome = _explain(state.si_code, state.si_status)
            break
        if _resident_bytes(child) > limits.memory_bytes:
            outcome = {"outcome": "memory", "detail": _memory_text(limits)}
            break
        if _caller_is_gone():
            break
        time.sleep(POLL_SECONDS)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return outcome


def _caller_is_gone() -> bool:
    poll = select.poll()
    poll.register(0, select.POLLHUP)
    return any(event & select.POLLHUP for _, event in poll.poll(0))


def _explain(code: int, status: int) -> dict[str, str]:
    if code == os.CLD_EXITED:
        return {"outcome": "exited", "detail": f"exit status {status}"}
    name = signal.Signals(status).name
    if status == signal.SIGXCPU:
        return {"outcome": "timeout", "detail": "used up its processor time"}
    return {"outcome": "killed", "detail": f"the process died of {name}"}


def _memory_text(limits: Limits) -> str:
    return f"used more than {limits.memory_bytes / 2**30:.3g} GiB of memory"


def _resident_bytes(process: int) -> int:
    try:
        pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
