"""The server and its workers talk to nobody: connections and look-ups are noted, and none is out.

An audit hook, which each Python process installs as it starts, writes down what sockets do.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.lsp.session import NET, session
from tests.process import PACKAGE_PARENT, environment

_HOOK = """
import os, sys

def _note(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.sendmsg"):
        where = arguments[1] if event == "socket.connect" else arguments[-1]
        if event == "socket.getaddrinfo":
            where = arguments[0]
        with open(os.environ["TOJAX_TEST_NOTES"], "a") as notes:
            notes.write(f"{event} {where!r}\\n")

sys.addaudithook(_note)
with open(os.environ["TOJAX_TEST_NOTES"], "a") as notes:
    notes.write(f"started {' '.join(map(repr, sys.orig_argv[1:]))}\\n")
"""


@pytest.mark.slow
@pytest.mark.asyncio
async def test_no_request_leaves_the_machine(tmp_path: Path) -> None:
    hooks, notes, root = (tmp_path / name for name in ("hooks", "notes.txt", "project"))
    hooks.mkdir()
    root.mkdir()
    (hooks / "sitecustomize.py").write_text(_HOOK, encoding="utf-8")
    paths = os.pathsep.join([str(hooks), PACKAGE_PARENT])
    env = environment(PYTHONPATH=paths, TOJAX_TEST_NOTES=str(notes))
    async with session(root, env=env) as one:
        uri = one.open("net.py", NET)
        assert await one.pushed(uri, 1)
        await one.hover(uri, 12, 18)
        await one.resolve((await one.actions(uri, 11, 9))["Translate Net to JAX"])
        verdict = await one.command("tojax.verify", uri=uri, name="Net")
        assert verdict["status"] == "verified"
        await one.command("tojax.ir", uri=uri, name="Net", form="hlo")
        await one.command("tojax.translateWorkspace", folder=str(root))
    noted = notes.read_text(encoding="utf-8").splitlines()
    for role in ("'serve'", "'engine'", "'verify'", "'migrate'", "torch_worker", "jax_worker"):
        assert any(line.startswith("started") and role in line for line in noted), role
    assert [line for line in noted if not line.startswith("started") and _is_out(line)] == []


def _is_out(line: str) -> bool:
    """Whether an address is neither a path nor one of this machine's own."""
    where = line.partition(" ")[2]
    return not where.startswith(("'/", "b'", "('127.", "('::1'", "'localhost'", "'127.", "None"))
