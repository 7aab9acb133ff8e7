"""A double of the Ollama HTTP API: a real server on a real socket, with scripted answers.

Faithful to https://docs.ollama.com/api as of version 0.32: field names, durations in nanoseconds,
NDJSON in chunks, error bodies and status codes. Headers go out with the first piece of an answer,
as Ollama's do. A prompt that does not fit the context is cut as Ollama cuts it.

In a test::

    with OllamaDouble(lambda request: Answer("x = 1")) as double:
        client = Client(ModelSettings(host=double.url))
        ...
        assert double.chats[0].options["num_ctx"] == 4096

As a process: ``python -m tests.model.ollama_double --port 0 --script module:function``.
"""

from tests.model.ollama_double.answers import Answer, ChatRequest, Fault, Script
from tests.model.ollama_double.catalogue import Model
from tests.model.ollama_double.server import OllamaDouble, Recorded

__all__ = ["Answer", "ChatRequest", "Fault", "Model", "OllamaDouble", "Recorded", "Script"]
