"""Limits that a worker's child puts on itself before it runs anybody's code."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import socket
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tojax.verify.priority import keep_niceness


@dataclass(frozen=True)
class Limits:
    """What one job may use."""

    seconds: float = 180.0
    memory_bytes: int = 8 << 30
    file_bytes: int = 1 << 30
    processes: int = 512

    def to_json(self) -> dict[str, Any]:
        """As plain data, for the workers."""
        return asdict(self)


def isolate(folder: Path, limits: Limits, device: str) -> None:
    """Turn this freshly forked process into a job: own session, own files, limited resources.

    Args:
        folder: the job's throw-away folder; output goes to ``stdout.txt`` and ``stderr.txt`` there.
        limits: what the job may use.
        device: ``"cpu"`` hides every GPU.
    """
    os.setsid()
    keep_niceness()
    _die_with_parent()
    home = folder / "home"
    home.mkdir(exist_ok=True)
    os.environ.update(HOME=str(home), TMPDIR=str(home), PYTHONDONTWRITEBYTECODE="1")
    sys.dont_write_bytecode = True
    if device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
    _redirect(folder)
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_CPU", int(limits.seconds) + 5)
    _limit("RLIMIT_FSIZE", limits.file_bytes)
    _limit("RLIMIT_NPROC", _tasks_of_this_user() + limits.processes)
    if device == "cpu":  # the CUDA driver maps far more than it uses
        _limit("RLIMIT_DATA", limits.memory_bytes)
    _leave_network()


def _die_with_parent() -> None:
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL, 0, 0, 0)


def _leave_network() -> None:
    """Deny the network: an empty network namespace where permitted, and in Python everywhere."""
    if sys.platform == "linux":
        new_user, new_network = 0x10000000, 0x40000000
        libc = ctypes.CDLL(None)
        if libc.unshare(new_network) != 0:
            libc.unshare(new_user | new_network)
    sys.addaudithook(_refuse_network)


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
        is_local = arguments[0].family == socket.AF_UNIX
    else:
        is_local = event not in ("socket.getaddrinfo", "socket.gethostbyname")
    if not is_local:
        raise PermissionError("there is no network while code is verified")


def _redirect(folder: Path) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for descriptor, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, folder / "stdout.txt", write),
        (2, folder / "stderr.txt", write),
    ):
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)
    os.closerange(3, 64)  # the protocol's channel is not for the code under test


def _limit(name: str, value: int) -> None:
    number = getattr(resource, name, None)
    if number is None:
        return
    with contextlib.suppress(ValueError, OSError):
        _, hard = resource.getrlimit(number)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(number, (value, value))


def _tasks_of_this_user() -> int:
    """How many threads this user runs already: the process limit counts them all."""
    count, user = 0, os.getuid()
    for entry in Path("/proc").glob("[0-9]*/task"):
        with contextlib.suppress(OSError):
            if entry.stat().st_uid == user:
                count += sum(1 for _ in entry.iterdir())
    return count
