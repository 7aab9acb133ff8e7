"""Translates the Python files of a folder together; a file that fails leaves the others."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tojax.deep_stack import with_deep_stack
from tojax.files import InputError, SourceText, input_errors, read_source
from tojax.nouns import Translation
from tojax.translate import translate_project
from tojax.translate.context import Init


@dataclass
class TranslatedFolder:
    """Relative path → what it was and what it became, or why it failed."""

    sources: dict[str, SourceText] = field(default_factory=dict)
    translations: dict[str, Translation] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


def translate_folder(root: Path, paths: list[str], init: Init = "flax") -> TranslatedFolder:
    """Translate the files at ``paths``, relative to ``root``, as one project.

    A file that cannot be read or parsed, or that the engine cannot cope with, is left out.
    """
    folder = TranslatedFolder()
    for path in paths:
        try:
            source = read_source(root / path)
            with input_errors(str(root / path)):
                with_deep_stack(lambda text=source.text: ast.parse(text))  # type: ignore[misc]
            folder.sources[path] = source
        except InputError as error:
            folder.failures[path] = str(error)
    texts = {path: source.text for path, source in folder.sources.items()}
    try:
        folder.translations = _translate(texts, init)
    except Exception:
        culprits = _culprits(texts, init)
        folder.failures |= {path: f"{root / path}: {why}" for path, why in culprits.items()}
        rest = {path: text for path, text in texts.items() if path not in culprits}
        folder.translations = _translate(rest, init)
    return folder


def _translate(texts: Mapping[str, str], init: Init) -> dict[str, Translation]:
    return with_deep_stack(lambda: translate_project(texts, init=init))


def _culprits(texts: Mapping[str, str], init: Init) -> dict[str, str]:
    """The files that fail alone or, if all is well with each, those without which the rest goes."""
    culprits: dict[str, str] = {}
    for path, text in texts.items():
        try:
            _translate({path: text}, init)
        except Exception as error:
            culprits[path] = internal_error(error)
    if culprits:
        return culprits
    for path in texts:
        try:
            _translate({other: text for other, text in texts.items() if other != path}, init)
        except Exception:
            continue
        return {path: "internal error: cannot be translated together with the other files"}
    return dict.fromkeys(texts, "internal error: the files cannot be translated together")


def internal_error(error: Exception) -> str:
    """What to tell about an error of ours in one line: what it was, and where."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = ""
    if trace is not None:
        place = f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})"
    return f"internal error: {type(error).__name__}: {error}{place}"
