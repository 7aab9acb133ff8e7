"""Translating texts and checking folders: source analysis only, nothing of the user's is run."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tojax.deep_stack import with_deep_stack
from tojax.lsp.notebook_cells import rewrite_cells
from tojax.lsp.rewrite import blocks_of, rewrite
from tojax.lsp.worker import Handler, Progress


def translate(params: dict[str, Any], _: Progress) -> dict[str, Any]:
    """The new text of a target file; see `tojax.lsp.rewrite.rewrite`."""
    made = with_deep_stack(lambda: rewrite(**params))
    return {
        "text": made.text,
        "jax": made.jax,
        "unresolved": [item.model_dump(mode="json") for item in made.unresolved],
        "rules": list(made.rules),
    }


def translate_cells(params: dict[str, Any], _: Progress) -> dict[str, Any]:
    """New texts for the cells of a notebook; see `tojax.lsp.notebook_cells`."""
    texts, translation = with_deep_stack(lambda: rewrite_cells(**params))
    return {
        "texts": texts,
        "unresolved": [item.model_dump(mode="json") for item in translation.unresolved],
        "rules": list(translation.rules),
    }


def check_folder(params: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """The findings of the files of a folder that changed since they were last looked at.

    ``known`` maps paths to what was seen of them; files that are the same are left out.
    """
    from tojax.check import check
    from tojax.files import InputError, read_source
    from tojax.workspace import python_files

    known: Mapping[str, str] = params["known"]
    bugs = Path(params["bugs"]) if params["bugs"] else None
    seen: dict[str, str] = {}
    found: dict[str, Any] = {}
    for path in python_files(Path(params["folder"])):
        status = path.stat()
        stamp = f"{status.st_mtime_ns}:{status.st_size}"
        seen[str(path)] = stamp
        if known.get(str(path)) == stamp:
            continue
        try:
            source = read_source(path).text
        except InputError:
            continue
        if "torch" not in source:
            found[str(path)] = {"source": "", "findings": []}
            continue
        findings = with_deep_stack(lambda source=source: check(source, extra_bugs=bugs))  # type: ignore[misc]
        found[str(path)] = {
            "source": source,
            "findings": [item.model_dump(mode="json") for item in findings],
        }
    return {"seen": seen, "found": found}


def warm_up(params: dict[str, Any], _: Progress) -> None:
    """Load everything that a translation needs, and parse the text that may be next."""
    _load()
    blocks_of(params["source"])


@cache
def _load() -> None:
    """Load the engine and its rules, which stay: look for garbage after answers, and not there."""
    gc.set_threshold(1_000_000, 20, 50)
    rewrite("import torch\n\n\ndef f(x: torch.Tensor):\n    return x.sum(1)\n", name="f")
    gc.collect()
    gc.freeze()


METHODS: dict[str, Handler] = {
    "translate": translate,
    "translate_cells": translate_cells,
    "check_folder": check_folder,
    "warm_up": warm_up,
}
