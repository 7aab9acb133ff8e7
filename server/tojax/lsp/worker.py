"""A worker process: ``python -m tojax.lsp.worker ROLE``.

It reads one request a line from standard input (``{"id", "method", "params"}``) and answers with
lines that have ``result``, ``error`` or, before those, ``progress``. It ends with its input, also
in the middle of a job.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import queue
import sys
import threading
from collections.abc import Callable
from typing import Any

Progress = Callable[[dict[str, Any]], None]
Handler = Callable[[dict[str, Any], Progress], Any]

ROLES = {
    "engine": "tojax.lsp.tasks.engine",
    "verify": "tojax.lsp.tasks.verify",
    "migrate": "tojax.lsp.tasks.migrate",
    "model": "tojax.lsp.tasks.model",
}


# What takes long gives way to what people wait for, such as the server itself, and leaves one
# processor to it; not so far that it comes to a stop where a training job keeps all of them busy.
_GIVING_WAY = ("verify", "migrate", "model")
_NICENESS = 5
# So many new objects are worth a look for garbage between two requests.
_GARBAGE = 5_000


class JobError(Exception):
    """A job that cannot be done, with a text for people."""


def main(role: str) -> None:
    """Answer requests until standard input closes."""
    if role in _GIVING_WAY:
        _give_way()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # nothing but answers may reach the server
    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(requests,), daemon=True).start()
    methods: dict[str, Handler] = importlib.import_module(ROLES[role]).METHODS
    while True:
        request = requests.get()
        identifier = request["id"]

        def send(identifier: int = identifier, **message: Any) -> None:
            answers.write(json.dumps({"id": identifier, **message}) + "\n")
            answers.flush()

        try:
            handler = methods[request["method"]]
            send(result=handler(request["params"], lambda progress: send(progress=progress)))
        except BrokenPipeError:
            os._exit(0)
        except Exception as error:
            with contextlib.suppress(BrokenPipeError):
                send(error=explained(error))
        if gc.get_count()[0] > _GARBAGE and requests.empty():
            gc.collect(1)  # while nobody waits


def _give_way() -> None:
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    if hasattr(os, "sched_setaffinity"):
        first, *others = sorted(os.sched_getaffinity(0))
        # Niceness alone leaves answers of a millisecond waiting for the end of a time slice.
        os.sched_setaffinity(0, others or [first])


def _read(requests: queue.SimpleQueue[dict[str, Any]]) -> None:
    for line in sys.stdin.buffer:
        requests.put(json.loads(line))
    os._exit(0)  # the server is gone


def explained(error: Exception) -> str:
    """What to tell people about an error."""
    from tojax.workspace.translation import internal_error

    if isinstance(error, SyntaxError):
        return f"line {error.lineno or 1}: syntax error: {error.msg}"
    if isinstance(error, JobError | LookupError | OSError):
        return str(error.args[0] if isinstance(error, LookupError) and error.args else error)
    return internal_error(error)


if __name__ == "__main__":
    # By its own name, so that the tasks' `JobError` is the one that is known here.
    importlib.import_module("tojax.lsp.worker").main(sys.argv[1])
