"""Work that takes a while: its progress in the editor, and its cancellation."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from tojax.lsp.server import TojaxServer

_ANSWER_SECONDS = 5.0


class Job:
    """One piece of work, as the editor shows it."""

    def __init__(self, server: TojaxServer, token: types.ProgressToken | None) -> None:
        self._server, self._token = server, token

    def report(self, message: str, percentage: int | None = None) -> None:
        """Tell how far it is."""
        self._send(types.WorkDoneProgressReport(message=message, percentage=percentage))

    def _send(
        self,
        value: types.WorkDoneProgressBegin
        | types.WorkDoneProgressReport
        | types.WorkDoneProgressEnd,
    ) -> None:
        if self._token is not None:
            self._server.progress(types.ProgressParams(self._token, value))


class Jobs:
    """The jobs that run, by the token of their progress."""

    def __init__(self, server: TojaxServer) -> None:
        self._server = server
        self._tasks: dict[types.ProgressToken, asyncio.Task[object]] = {}

    @contextlib.asynccontextmanager
    async def run(self, title: str, token: types.ProgressToken | None = None) -> AsyncIterator[Job]:
        """Show progress while the block runs; the editor's cancel button cancels its task.

        Args:
            title: what the editor shows.
            token: the client's own token, if it sent one.
        """
        token = token if token is not None else await self._created()
        job = Job(self._server, token)
        task = asyncio.current_task()
        if token is not None and task is not None:
            self._tasks[token] = task
        job._send(types.WorkDoneProgressBegin(title=title, cancellable=True))
        outcome = "done"
        try:
            yield job
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        except Exception:
            outcome = "failed"
            raise
        finally:
            if token is not None:
                self._tasks.pop(token, None)
            job._send(types.WorkDoneProgressEnd(message=outcome))

    async def _created(self) -> types.ProgressToken | None:
        if not self._server.supports("window.work_done_progress"):
            return None
        token = str(uuid.uuid4())
        asked = self._server.window_work_done_progress_create_async(
            types.WorkDoneProgressCreateParams(token)
        )
        try:
            await asyncio.wait_for(asyncio.shield(asked), _ANSWER_SECONDS)
        except asyncio.CancelledError:
            raise
        except Exception:
            return None  # the client does not want to show it
        return token

    def cancel(self, token: types.ProgressToken) -> None:
        """The user does not want this any more."""
        task = self._tasks.get(token)
        if task is not None:
            task.cancel()
