"""The worker processes as the server sees them: started when needed, killed to cancel."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tojax.lsp.failures import Failure

PACKAGE_PARENT = Path(__file__).resolve().parents[2]
_LINE_LIMIT = 1 << 28
_ENGINES = 2


class WorkerDied(Exception):
    """A worker ended in the middle of a job."""


class Worker:
    """One worker process, which does one job at a time.

    Args:
        role: what it does; see `tojax.lsp.worker.ROLES`.
        title: what people call it.
        on_death: told why, once, whenever the process ends without being asked to.
    """

    def __init__(self, role: str, title: str, on_death: Callable[[str], None]) -> None:
        self.role, self.title = role, title
        self._on_death = on_death
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._number = 0
        self.lock = asyncio.Lock()

    @property
    def process_id(self) -> int | None:
        """The process, while there is one."""
        return self._process.pid if self._process is not None else None

    async def call(
        self,
        method: str,
        params: dict[str, Any],
        on_progress: Callable[[dict[str, Any]], None] | None = None,
    ) -> Any:
        """Run a job when the worker is free. Cancelling the caller kills the process.

        Raises:
            Failure: the job could not be done; the text says why.
            WorkerDied: the process ended.
        """
        async with self.lock:
            try:
                return await self._call(method, params, on_progress)
            except asyncio.CancelledError:
                self.kill()
                raise

    async def _call(
        self,
        method: str,
        params: dict[str, Any],
        on_progress: Callable[[dict[str, Any]], None] | None,
    ) -> Any:
        process = await self._started()
        assert process.stdin is not None and process.stdout is not None
        self._number += 1
        request = {"id": self._number, "method": method, "params": params}
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            await process.stdin.drain()
            while line := await process.stdout.readline():
                answer = json.loads(line)
                if answer["id"] != self._number:
                    continue
                if "progress" in answer:
                    if on_progress is not None:
                        on_progress(answer["progress"])
                elif "error" in answer:
                    raise Failure(answer["error"])
                else:
                    return answer["result"]
        except (BrokenPipeError, ConnectionError):
            pass
        if self._watch is not None:
            await asyncio.shield(self._watch)  # which reports it and clears the way for another
        raise WorkerDied(f"{self.title} ended in the middle of its work")

    async def _started(self) -> asyncio.subprocess.Process:
        process = self._process
        if process is not None and process.returncode is None:
            return process
        paths = [str(PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "tojax.lsp.worker", self.role),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=environment,
            limit=_LINE_LIMIT,
        )
        self._process = process
        self._watch = asyncio.create_task(self._watched(process))
        return process

    async def _watched(self, process: asyncio.subprocess.Process) -> None:
        status = await process.wait()
        if self._process is process:  # nobody asked for it
            self._process = None
            self._on_death(f"{self.title} ended unexpectedly ({_reason(status)})")

    def kill(self) -> None:
        """End the process and what it does; the next job starts another one."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()


def _reason(status: int) -> str:
    if status < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-status).name
    return f"exit status {status}"


class Workers:
    """All worker processes of a server.

    Args:
        on_death: told whenever one ends without being asked to.
    """

    def __init__(self, on_death: Callable[[str], None]) -> None:
        self._on_death = on_death
        self._engines = [self._made("engine", "the translation worker")]
        self._warming: Worker | None = None
        self._known = ""
        self.verify = self._made("verify", "the verification worker")
        self.migrate = self._made("migrate", "the migration worker")
        self.model = self._made("model", "the model's worker")
        self.check = self._made("engine", "the worker that checks folders")

    def _made(self, role: str, title: str) -> Worker:
        return Worker(role, title, self._on_death)

    async def translate(self, method: str, params: dict[str, Any]) -> Any:
        """Run a job of the engine in an idle process; once more if the process dies.

        Raises:
            Failure: the job could not be done.
        """
        for _ in range(2):
            try:
                return await self._engine().call(method, params)
            except WorkerDied as error:
                reason = str(error)
        raise Failure(reason)

    def _engine(self) -> Worker:
        """An engine that is idle, or will be at once."""
        free = (e for e in self._engines if e is self._warming or not e.lock.locked())
        idle = next(free, None)
        if idle is None and len(self._engines) < _ENGINES:
            idle = self._made("engine", "the translation worker")
            self._engines.append(idle)
        return idle or self._engines[0]

    async def warm_up(self, source: str) -> None:
        """Have a process ready that knows a text, for a translation may be asked for."""
        engine = self._engines[0]
        if self._warming is None and not engine.lock.locked() and source is not self._known:
            self._warming, self._known = engine, source
            try:
                with contextlib.suppress(WorkerDied, Failure):
                    await engine.call("warm_up", {"source": source})
            finally:
                self._warming = None

    def close(self) -> None:
        """End them all."""
        for worker in (*self._engines, self.verify, self.migrate, self.model, self.check):
            worker.kill()
