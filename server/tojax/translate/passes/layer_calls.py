"""Layers called by name: ``layer(input=x)`` → ``layer(x)``, for Flax has another name."""

from __future__ import annotations

import ast

from tojax.translate.context import FileContext


def layer_calls(context: FileContext) -> None:
    """Give PyTorch's own layers their array by position."""
    for node in context.edits.nodes(ast.Call):
        match node:
            case ast.Call(func=func, args=[], keywords=[ast.keyword(arg="input") as given, *_]):
                kind = context.kind(func)
                if kind.tag == "module" and kind.name.startswith("torch.nn."):
                    start = context.edits.spans[given][0]
                    end = context.edits.spans[given.value][0]
                    context.edits.replace_text(given, start, end, "")
