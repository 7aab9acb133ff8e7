"""What a job must not reach: the network, by Python's sockets or beside them."""

from __future__ import annotations

import ctypes
import os
import socket
from collections.abc import Callable, Iterator

import pytest

from tojax.nouns import Rung, Verdict

TORCH = "import torch\n\n# tojax: inputs=(float32[3],)\ndef f(x):\n    return x + 1\n"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


PYTHON = """
import socket
def reach(port):
    socket.create_connection(("127.0.0.1", port), timeout=5).close()
"""
# Without Python's socket module, and so without its audit events.
LIBC = """
import ctypes, os, struct
def reach(port):
    libc = ctypes.CDLL(None, use_errno=True)
    handle = libc.socket(2, 1, 0)
    address = struct.pack("=H", 2) + struct.pack("!H4s8x", port, bytes([127, 0, 0, 1]))
    if libc.connect(handle, address, len(address)) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
"""


def _namespaces_are_permitted() -> bool:
    child = os.fork()
    if child == 0:
        libc = ctypes.CDLL(None)
        denied = libc.unshare(0x40000000) != 0 and libc.unshare(0x50000000) != 0
        os._exit(int(denied))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _accepted(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


@pytest.mark.parametrize("side", ["torch", "jax"])
@pytest.mark.parametrize("way", ["python", *(["libc"] if _namespaces_are_permitted() else [])])
def test_a_job_cannot_connect(
    check: Callable[..., Verdict], listener: socket.socket, way: str, side: str
) -> None:
    port = listener.getsockname()[1]
    caller = {"python": PYTHON, "libc": LIBC}[way] + f"\nreach({port})\n"
    sources = {"torch": TORCH, "jax": "def f(x):\n    return x + 1\n"}
    sources[side] = caller + sources[side]
    verdict = check(sources["torch"], sources["jax"])
    assert not _accepted(listener)
    assert verdict.status == {"torch": "error", "jax": "differs"}[side]
    assert verdict.rung is {"torch": Rung.NOTHING, "jax": Rung.PARSES}[side]
    wanted = "no network" if way == "python" else "unreachable"
    assert wanted in verdict.message


def test_the_listener_can_be_reached_from_here(listener: socket.socket) -> None:
    socket.create_connection(listener.getsockname(), timeout=5).close()
    assert _accepted(listener)


def test_processes_of_one_job_still_talk(check: Callable[..., Verdict]) -> None:
    workers = (
        "from torch.utils.data import DataLoader\n"
        "batches = list(DataLoader(torch.arange(8.), batch_size=4, num_workers=1))\n"
    )
    verdict = check(TORCH + workers, "def f(x):\n    return x + 1\n")
    assert verdict.status == "verified", verdict.message
