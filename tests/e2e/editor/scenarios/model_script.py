"""What the double of Ollama answers in the scenarios.

The main model writes to the wrong column until it is told of a difference; the other one never
ends.
"""

from __future__ import annotations

import json

from tests.model.ollama_double import Answer, ChatRequest

_DRAFT = '''\
import jax
from flax import nnx


class Net(nnx.Module):
    """Two layers; the first class is switched off."""

    def __init__(self, features: int, classes: int, *, rngs: nnx.Rngs):
        self.hidden = nnx.Linear(features, 32, rngs=rngs)
        self.head = nnx.Linear(32, classes, rngs=rngs)

    def __call__(self, x: jax.Array) -> jax.Array:
        x = jax.nn.gelu(self.hidden(x), approximate=False)
        return self.head(x).at[:, 1].set(0.0)
'''


def answer(request: ChatRequest) -> Answer:
    """A draft, a repaired one, or words without an end."""
    if request.model.startswith("codellama"):
        return Answer(pieces=["word "] * 10_000, delay=0.1)
    told = "What is wrong with it" in request.prompt and "output" in request.prompt
    code = _DRAFT.replace("[:, 1]", "[:, 0]") if told else _DRAFT
    return Answer(json.dumps({"code": code, "assumptions": [], "unresolved": []}))
