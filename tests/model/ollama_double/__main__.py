"""The double as a process of its own: prints its address, and serves until it is stopped."""

from __future__ import annotations

import argparse
import importlib
import signal
import threading
from pathlib import Path

from tests.model.ollama_double.answers import Script, echo
from tests.model.ollama_double.server import OllamaDouble


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m tests.model.ollama_double")
    parser.add_argument("--port", type=int, default=0, help="0 for a free one")
    parser.add_argument("--script", help="module:function that answers; by default an echo")
    parser.add_argument("--record", type=Path, help="a file for the requests, as JSON lines")
    arguments = parser.parse_args()
    script: Script = echo
    if arguments.script:
        module, _, function = arguments.script.partition(":")
        script = getattr(importlib.import_module(module), function)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with OllamaDouble(script, port=arguments.port, record=arguments.record) as double:
        print(double.url, flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
