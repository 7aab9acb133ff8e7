"""Verification, migration and compiled code in worker processes: progress, cancel, death."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.lsp.session import NET, Session, process_id, session
from tests.process import environment

QUICK = {"verify": {"device": "cpu", "automatic": False}}


def _children(process: int) -> dict[int, str]:
    """The processes below another one, with their command lines."""
    parents: dict[int, int] = {}
    commands: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
                commands[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
            if stat[0] != "Z":
                parents[int(entry.name)] = int(stat[1])
    found: set[int] = set()
    while more := {p for p, parent in parents.items() if parent in {process, *found}} - found:
        found |= more
    return {child: commands[child] for child in found}


def _workers(one: Session, role: str) -> list[int]:
    suffix = f"tojax.lsp.worker {role}"
    return [p for p, command in _children(process_id(one)).items() if suffix in command]


def _affinity_while_it_works(role: str) -> set[int]:
    """The processors of a worker, seen from outside once it has answered."""
    with subprocess.Popen(
        [sys.executable, "-m", "tojax.lsp.worker", role],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
    ) as worker:
        assert worker.stdin is not None and worker.stdout is not None
        worker.stdin.write(b'{"id": 1, "method": "nothing", "params": {}}\n')
        worker.stdin.flush()
        assert b"error" in worker.stdout.readline()
        found = os.sched_getaffinity(worker.pid)
        worker.stdin.close()
    return found


def test_long_work_leaves_a_processor_to_the_editor() -> None:
    everywhere = os.sched_getaffinity(0)
    others = everywhere - {min(everywhere)} or everywhere
    assert _affinity_while_it_works("engine") == everywhere
    assert _affinity_while_it_works("verify") == others
    assert _affinity_while_it_works("migrate") == others


@pytest.mark.slow
@pytest.mark.asyncio
async def test_a_verdict_and_the_cost_appear_above_the_class(tmp_path: Path) -> None:
    async with session(tmp_path, settings=QUICK) as one:
        uri = one.open("net.py", NET)
        verdict = await one.command("tojax.verify", uri=uri, name="Net")
        assert (verdict["target"], verdict["status"]) == ("Net", "verified")
        titles = [title for line, title in await one.lenses(uri) if line == 4]
        assert any(t.startswith("verified: outputs, gradients") for t in titles)
        reports = next(iter(one.client.progress_reports.values()))
        assert [type(r).__name__ for r in reports][:1] == ["WorkDoneProgressBegin"]
        assert [type(r).__name__ for r in reports][-1:] == ["WorkDoneProgressEnd"]
        await one.until(lambda: one.refreshes >= 2)
        titles = [title for line, title in await one.lenses(uri) if line == 4]
        assert any("FLOP" in title for title in titles)
        jaxpr = await one.command("tojax.ir", uri=uri, name="Net", form="jaxpr")
        assert "lambda" in jaxpr["text"] and "dot_general" in jaxpr["text"]
        stablehlo = await one.command("tojax.ir", uri=uri, name="Net", form="stablehlo")
        assert "stablehlo.dot_general" in stablehlo["text"]
        one.change(uri, 2, NET.replace("y[0] = 1", "y[0] = 3"))
        titles = [title for line, title in await one.lenses(uri) if line == 4]
        assert any(title.startswith("edited since: verified") for title in titles)


@pytest.mark.slow
@pytest.mark.asyncio
async def test_an_accepted_translation_is_verified_with_its_project(tmp_path: Path) -> None:
    (tmp_path / "layers.py").write_text(
        "from torch import nn\n\n\ndef head():\n    return nn.Linear(4, 3)\n", encoding="utf-8"
    )
    source = NET.replace("nn.Linear(4, 3)", "head()").replace(
        "from torch import nn\n", "from torch import nn\nfrom layers import head\n"
    )
    async with session(tmp_path, settings={"verify": {"device": "cpu"}}) as one:
        uri = one.open("net.py", source)
        await one.pushed(uri, 1)
        one.client.protocol.notify("tojax/accepted", {"uri": uri, "name": "Net"})
        await one.until(lambda: one.refreshes >= 1)
        titles = [title for line, title in await one.lenses(uri) if line == 5]
        assert any(title.startswith("verified") for title in titles), titles


@pytest.mark.slow
@pytest.mark.asyncio
async def test_a_workspace_is_translated(tmp_path: Path) -> None:
    source = tmp_path / "project"
    source.mkdir()
    (source / "net.py").write_text(NET, encoding="utf-8")
    async with session(tmp_path, settings=QUICK) as one:
        made = await one.command("tojax.translateWorkspace", folder=source.as_uri())
        assert [(f["path"], f["state"]) for f in made["files"]] == [("net.py", "translated")]
        assert "nnx.Module" in (tmp_path / "project_jax" / "net.py").read_text(encoding="utf-8")
        assert one.migrations[0].files[0].status == "waiting" and not one.migrations[0].done
        assert one.migrations[-1].done
        assert one.migrations[-1].files[0].verdict.status == "verified"


HANGS = NET.replace("def get_inputs():\n", "def get_inputs():\n    import time; time.sleep(600)\n")


async def _hanging(one: Session, uri: str) -> tuple[asyncio.Task[Any], list[int]]:
    task = asyncio.ensure_future(one.command("tojax.verify", uri=uri, name="Net"))
    await one.until(lambda: task.done() or _workers(one, "verify"))
    assert not task.done(), await task
    await one.until(lambda: one.client.progress_reports)
    return task, _workers(one, "verify")


@pytest.mark.asyncio
async def test_cancelling_by_the_progress_kills_the_worker(tmp_path: Path) -> None:
    async with session(tmp_path, settings=QUICK) as one:
        uri = one.open("net.py", HANGS)
        task, workers = await _hanging(one, uri)
        token = next(iter(one.client.progress_reports))
        one.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
        with pytest.raises(JsonRpcException, match="cancel"):
            await task
        await one.until(lambda: not set(workers) & _children(process_id(one)).keys())
        ended = one.client.progress_reports[token][-1]
        assert isinstance(ended, types.WorkDoneProgressEnd) and ended.message == "cancelled"
        assert one.client.messages == []  # it was asked for
        assert "relu" in await one.hover(uri, 12, 18)


@pytest.mark.asyncio
async def test_cancelling_the_request_kills_the_worker(tmp_path: Path) -> None:
    async with session(tmp_path, settings=QUICK) as one:
        uri = one.open("net.py", HANGS)
        params = types.ExecuteCommandParams("tojax.verify", [{"uri": uri, "name": "Net"}])
        future = one.client.protocol.send_request(
            types.WORKSPACE_EXECUTE_COMMAND, params, msg_id="mine"
        )
        workers = await one.until(lambda: _workers(one, "verify"))
        one.client.cancel_request(types.CancelParams("mine"))
        with pytest.raises(JsonRpcException, match="cancel"):
            await asyncio.wrap_future(future)
        await one.until(lambda: not set(workers) & _children(process_id(one)).keys())


@pytest.mark.asyncio
async def test_a_killed_worker_is_reported_once(tmp_path: Path) -> None:
    async with session(tmp_path, settings=QUICK) as one:
        uri = one.open("net.py", HANGS)
        task, workers = await _hanging(one, uri)
        os.kill(workers[0], signal.SIGKILL)
        verdict = await task
        assert verdict["status"] == "error"
        await one.until(lambda: one.client.messages)
        await one.command("tojax.translate", uri=uri)
        assert len(one.client.messages) == 1
        assert "SIGKILL" in one.client.messages[0].message
        assert any("not verified" in title for _, title in await one.lenses(uri))


@pytest.mark.asyncio
async def test_translation_survives_the_death_of_its_worker(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET)
        await one.command("tojax.translate", uri=uri)
        for number, output in enumerate(("Net", "scale")):
            (worker,) = _workers(one, "engine")
            os.kill(worker, signal.SIGKILL)
            made = await one.command("tojax.translate", uri=uri, name=output)
            assert output in made["text"]
            await one.until(lambda number=number: len(one.client.messages) == number + 1)


@pytest.mark.asyncio
async def test_nothing_is_left_behind(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET)
        await one.command("tojax.translate", uri=uri)
        left = _children(process_id(one))
        assert left
    for child in left:
        for _ in range(200):
            if not Path(f"/proc/{child}").exists():
                break
            await asyncio.sleep(0.02)
        assert not Path(f"/proc/{child}").exists()


@pytest.mark.asyncio
async def test_without_trust_nothing_is_run(tmp_path: Path) -> None:
    async with session(tmp_path, options={"trusted": False}) as one:
        uri = one.open("net.py", NET)
        assert await one.pushed(uri, 1)
        assert "relu" in await one.hover(uri, 12, 18)
        made = await one.command("tojax.translate", uri=uri)
        assert "nnx.Module" in made["text"]
        for name, more in (("tojax.verify", {}), ("tojax.ir", {"form": "jaxpr"})):
            with pytest.raises(JsonRpcException, match="not trusted"):
                await one.command(name, uri=uri, **more)
        one.client.protocol.notify("tojax/accepted", {"uri": uri})
        folder = tmp_path / "project"
        folder.mkdir()
        (folder / "net.py").write_text(NET, encoding="utf-8")
        migration = await one.command("tojax.translateWorkspace", folder=str(folder))
        assert [list(f["verdicts"]) for f in migration["files"]] == [[]]
        assert _workers(one, "verify") == []
        one.client.protocol.notify("tojax/trust", {"trusted": True})
        task = asyncio.ensure_future(one.command("tojax.verify", uri=uri))
        await one.until(lambda: _workers(one, "verify"))
        task.cancel()


@pytest.mark.asyncio
async def test_the_server_itself_loads_neither_torch_nor_jax(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET)
        await one.pushed(uri, 1)
        await one.hover(uri, 12, 18)
        await one.resolve((await one.actions(uri, 11, 9))["Translate Net to JAX"])
        processes = [process_id(one), *_workers(one, "engine")]
        for process in processes:
            mapped = Path(f"/proc/{process}/maps").read_text()
            assert "libtorch" not in mapped and "jaxlib" not in mapped and "numpy" not in mapped
