"""How many tokens a text takes, without the model's tokenizer: Ollama has no endpoint for it."""

from __future__ import annotations


def estimate_tokens(text: str) -> int:
    """At most how many tokens a text takes; the same for the same text, whatever was asked before."""
    return len(text.encode("utf-8", "surrogatepass"))
