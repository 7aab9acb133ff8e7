"""Standard input and output, or TCP connections, for the server."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from pygls.io_ import StdinAsyncReader, StdoutWriter, run_async

from tojax.lsp.failures import PARSE_ERROR

if TYPE_CHECKING:
    from tojax.lsp.server import TojaxServer

_LINE_LIMIT = 1 << 20
_PARENT_CHECK_SECONDS = 5.0


def serve_stdio() -> None:
    """Serve one client on standard input and output; does not return."""
    _quiet()
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing but messages may reach the client
    asyncio.run(_serve_stdio(output))


async def _serve_stdio(output: Any) -> None:
    from tojax.lsp.server import TojaxServer

    server = TojaxServer()

    def leave(status: int) -> None:
        server.close()
        with contextlib.suppress(OSError):
            output.flush()
        os._exit(status)  # the thread that reads standard input may never return

    server.protocol.on_exit = leave
    server.protocol.set_writer(StdoutWriter(output))
    watch = asyncio.create_task(_watch_parent(server, leave))
    # Cancelled: interrupted from the keyboard.
    with contextlib.suppress(BrokenPipeError, ConnectionError, asyncio.CancelledError):
        await _messages(server, StdinAsyncReader(sys.stdin.buffer))
    watch.cancel()
    leave(1)


async def _watch_parent(server: TojaxServer, leave: Any) -> None:
    """End with the editor, should it die without closing the pipe."""
    while True:
        await asyncio.sleep(_PARENT_CHECK_SECONDS)
        if server.process_id is not None:
            try:
                os.kill(server.process_id, 0)
            except ProcessLookupError:
                leave(1)
            except OSError:
                return


def serve_tcp(port: int) -> None:
    """Serve any number of clients on 127.0.0.1, each with a state of its own."""
    _quiet()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve_tcp(port))


def _quiet() -> None:
    """Keep pygls from logging what is answered anyway: refused requests, with their bodies."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("pygls").setLevel(logging.CRITICAL)


async def _serve_tcp(port: int) -> None:
    listener = await asyncio.start_server(_connected, "127.0.0.1", port, limit=_LINE_LIMIT)
    address = listener.sockets[0].getsockname()
    print(f"listening on {address[0]}:{address[1]}", file=sys.stderr, flush=True)
    async with listener:
        await listener.serve_forever()


async def _connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    from tojax.lsp.server import TojaxServer

    server = TojaxServer()
    task = asyncio.current_task()

    def leave(_: int) -> None:
        if task is not None:
            task.cancel()

    server.protocol.on_exit = leave
    server.protocol.set_writer(_Connection(writer))
    try:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ValueError):
            await _messages(server, reader)
    except asyncio.CancelledError:
        pass  # the client said that it leaves
    finally:
        server.close()
        writer.close()


class _Connection:
    """What pygls writes to; a client that has gone is no error."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def write(self, data: bytes) -> None:
        if not self._writer.is_closing():
            self._writer.write(data)

    def close(self) -> None:
        self._writer.close()


async def _messages(server: TojaxServer, reader: Any) -> None:
    def failed(error: Exception, _: type) -> None:
        if isinstance(error, BrokenPipeError):
            raise error
        server.protocol.answer_nobody(PARSE_ERROR, f"not a message: {error}"[:300])

    await run_async(threading.Event(), reader, server.protocol, error_handler=failed)
