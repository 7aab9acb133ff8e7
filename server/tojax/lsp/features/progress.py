"""The cancel button of a job's progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from tojax.lsp.server import TojaxServer


def register(server: TojaxServer) -> None:
    """Wire cancellation by progress token."""

    @server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def cancel(params: types.WorkDoneProgressCancelParams) -> None:
        server.jobs.cancel(params.token)
