"""Translations of open texts, made in worker processes for the text as it is at the end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from tojax.lsp.failures import CONTENT_MODIFIED, Failure, invalid
from tojax.lsp.units import MAGIC, Unit

if TYPE_CHECKING:
    from tojax.lsp.server import TojaxServer

_TRIES = 3
_REMEMBERED = 32
_MAGIC = re.compile(rf"{MAGIC}\(\d+, (\d+)\)$")


@dataclass(frozen=True)
class Proposal:
    """What would be written.

    ``changes`` maps documents to their new texts, ``versions`` to the versions that these were
    computed for; ``text`` is the new text of ``target``, ``jax`` the JAX version by itself.
    """

    uri: str
    name: str | None
    version: int | None
    target: str
    text: str
    jax: str
    changes: dict[str, str]
    versions: dict[str, int | None]
    unresolved: list[dict[str, Any]]
    rules: list[str]


class Original(NamedTuple):
    """The PyTorch source of a text that was translated in place, as a whole or in part."""

    source: str
    whole: bool


class Translations:
    """Makes proposals, and remembers those that may be asked for again."""

    def __init__(self, server: TojaxServer) -> None:
        self._server = server
        self._recent: dict[tuple[object, ...], Any] = {}
        self._originals: dict[tuple[str, str], Original] = {}

    def original(self, uri: str, text: str) -> Original | None:
        """What a text was before it was translated in place, if that is where it comes from."""
        return self._originals.get((uri, text))

    async def propose(self, uri: str, name: str | None = None) -> Proposal:
        """The translation of a file, a notebook, a cell or a definition, for its present text.

        Raises:
            Failure: it cannot be translated, or changes all the time.
        """
        await self._server.folders.known()
        for _ in range(_TRIES):
            unit = self._server.unit(uri)
            if unit is not None and unit.is_notebook:
                made = await self._notebook(unit, uri, name)
            else:
                made = await self._file(uri, name)
            if made is not None:
                return made
        raise Failure("the text changes too quickly to be translated", CONTENT_MODIFIED)

    async def _file(self, uri: str, name: str | None) -> Proposal | None:
        text = self._server.text(uri)
        if text is None:
            raise invalid(f"{uri} cannot be read")
        settings = self._server.settings(uri)
        output = settings.output
        target = jax_uri(uri) if output == "sibling" else uri
        target = target or uri
        if target == uri and output == "sibling":
            output = "inPlace"  # a text that has no file has no sibling
        sibling = self._server.text(target) if target != uri else None
        params = {
            "source": text.source,
            "name": name,
            "output": output,
            "existing": sibling.source if sibling is not None else None,
            "init": settings.init,
        }
        made = await self._made("translate", params)
        now = self._server.text(uri)
        if now is None or now.source != text.source:
            return None
        if target != uri:
            again = self._server.text(target)
            if (again.source if again else None) != (sibling.source if sibling else None):
                return None
        if output == "inPlace" and made["text"] != text.source:
            before = self.original(uri, text.source)
            source = before.source if before is not None else text.source
            self._originals[uri, made["text"]] = Original(source, name is None)
            _forget_oldest(self._originals)
        versions = {uri: now.version}
        if target != uri:
            now_target = self._server.text(target)
            versions[target] = now_target.version if now_target is not None else None
        return Proposal(
            uri,
            name,
            now.version,
            target,
            made["text"],
            made["jax"],
            {target: made["text"]},
            versions,
            made["unresolved"],
            made["rules"],
        )

    async def _notebook(self, unit: Unit, uri: str, name: str | None) -> Proposal | None:
        """Cells are always translated where they stand."""
        cells = unit.cells
        only = next((n for n, part in enumerate(unit.parts) if part.text.uri == uri), None)
        if only is None and name is not None:
            only = _defining(unit, name)
        params = {"cells": cells, "only": only, "init": self._server.settings(uri).init}
        made = await self._made("translate_cells", params)
        now = self._server.unit(unit.uri)
        if now is None or now.key != unit.key:
            return None
        changes, versions = {}, {}
        for part, cell, text in zip(unit.parts, cells, made["texts"], strict=True):
            if text != cell:
                changes[part.text.uri] = _with_magics(text, part.text.lines)
                versions[part.text.uri] = part.text.version
        target = unit.parts[only].text.uri if only is not None else unit.uri
        own = self._server.text(target) if only is not None else None
        text = changes.get(target, own.source if own is not None else "")
        return Proposal(
            uri,
            name,
            own.version if own is not None else None,
            target,
            text,
            "\n".join(made["texts"]),
            changes,
            versions,
            made["unresolved"],
            made["rules"],
        )

    async def _made(self, method: str, params: dict[str, Any]) -> Any:
        key = (method, repr(sorted(params.items())))
        if key not in self._recent:
            made = await self._server.workers.translate(method, params)
            self._recent[key] = made
            _forget_oldest(self._recent)
        return self._recent[key]


def _forget_oldest(known: dict[Any, Any]) -> None:
    while len(known) > _REMEMBERED:
        del known[next(iter(known))]


def _defining(unit: Unit, name: str) -> int:
    """The cell with a definition.

    Raises:
        Failure: there is none.
    """
    from tojax.lsp.outline import outline

    top = name.partition(".")[0]
    for number, cell in enumerate(unit.cells):
        if any(item.name == top for item in outline(cell)):
            return number
    raise invalid(f"there is no class or function '{top}' at the top level")


def _with_magics(text: str, original: list[str]) -> str:
    """The text with IPython's own lines back in place of the calls that stood for them.

    A magic of the whole cell stays its first line, above imports that are new.
    """
    lines = []
    for line in text.split("\n"):
        match = _MAGIC.search(line)
        if match is not None:
            line = original[int(match[1])]
        lines.append(line)
    whole = next((line for line in original if line.strip()), "")
    if whole.startswith("%%") and whole in lines:
        lines.remove(whole)
        lines.insert(0, whole)
    return "\n".join(lines)


def jax_uri(uri: str) -> str | None:
    """The sibling file for the JAX version; None for a document that is no file."""
    if not uri.startswith("file:"):
        return None
    path = PurePosixPath(uri)
    head = uri[: len(uri) - len(path.name)]
    suffix = path.suffix if path.suffix in (".py", ".pyi", ".pyw") else ""
    stem = path.name.removesuffix(suffix) if suffix else path.name
    return f"{head}{stem}_jax{suffix or '.py'}"


def torch_uri(uri: str) -> str | None:
    """The file whose sibling with the JAX version this one would be; None if it is no such."""
    path = PurePosixPath(uri)
    stem = path.name.removesuffix(path.suffix)
    if not stem.endswith("_jax") or path.suffix not in (".py", ".pyi", ".pyw"):
        return None
    source = f"{uri[: len(uri) - len(path.name)]}{stem.removesuffix('_jax')}{path.suffix}"
    return source if jax_uri(source) == uri else None
