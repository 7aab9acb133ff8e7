"""The model engine: a local Ollama model drafts what the rules leave open."""
