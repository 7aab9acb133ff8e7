"""Verdicts and costs of what is open."""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tojax.lsp.failures import Failure, invalid
from tojax.lsp.jobs import Job
from tojax.lsp.translations import jax_uri, torch_uri
from tojax.lsp.units import MAGIC
from tojax.lsp.workers import WorkerDied

if TYPE_CHECKING:
    from tojax.lsp.server import TojaxServer

WHOLE = "<file>"
UNTRUSTED = "the workspace is not trusted: tojax does not run its code"
_COSTED = 4


@dataclass(frozen=True)
class Pair:
    """Both versions of a document, as a worker takes them.

    ``shown`` is the document's own text. ``sibling`` is where its JAX version is or would be, None
    if that is no file of its own; ``own`` says that ``jax`` was there and not made just now.
    """

    torch: str
    jax: str
    shown: str
    root: str | None = None
    file: str | None = None
    own: bool = False
    sibling: str | None = None

    def params(self, server: TojaxServer, uri: str) -> dict[str, Any]:
        """The parameters of a job."""
        settings = server.settings(uri)
        return {
            "torch": self.torch,
            "jax": self.jax,
            "root": self.root,
            "file": self.file,
            "own": self.own,
            "device": settings.verify_device,
            "timeout": settings.verify_timeout,
        }


@dataclass
class Noted:
    """What is known of one target, and what was run for it."""

    verdict: dict[str, Any]
    pair: Pair
    cost: dict[str, float | None] | None = None


class Verdicts:
    """Verifies documents, and keeps what came out."""

    def __init__(self, server: TojaxServer) -> None:
        self._server = server
        self._noted: dict[str, dict[str, Noted]] = {}

    def of(self, uri: str) -> dict[str, Noted]:
        """What is known of the definitions of a document."""
        return self._noted.get(uri, {})

    def holds(self, noted: Noted, name: str, source: str) -> bool:
        """Whether a verdict is still about what is there: neither version was edited since.

        Args:
            noted: what is known of the definition.
            name: the definition.
            source: the document's present text.
        """
        pair = noted.pair
        if not _same(source, pair.shown, name):
            return False
        if pair.sibling is None:
            return True
        there = self._server.text(pair.sibling)
        return not pair.own if there is None else _same(there.source, pair.jax, name)

    def changed(self, uris: set[str]) -> None:
        """Texts have changed: the verdicts on what they are the JAX version of may not hold."""
        pairs = (noted.pair for known in self._noted.values() for noted in known.values())
        if any(pair.sibling in uris for pair in pairs):
            self._server.latest("lenses", self.refresh_lenses())

    def are_placed(self, uri: str) -> bool:
        """Whether a document has definitions that verdicts stand above."""
        unit = self._server.unit(uri)
        return unit is not None and any(name != WHOLE for name in self.of(unit.uri))

    def require_trust(self) -> None:
        """Raises:
        Failure: the workspace is not trusted.
        """
        if not self._server.trusted:
            raise Failure(UNTRUSTED)

    async def pair(self, uri: str) -> Pair:
        """The PyTorch text of a document and its JAX version: what is there, else made now.

        Raises:
            Failure: it cannot be read or translated.
        """
        from tojax.lsp.rewrite import under_own_names

        server = self._server
        unit = server.unit(uri)
        if unit is not None and unit.is_notebook:
            proposal = await server.translations.propose(unit.uri)
            shown = unit.text.source
            return Pair(_without_magics(shown), _without_magics(proposal.jax), shown)
        text = server.text(uri)
        if text is None:
            raise invalid(f"{uri} cannot be read")
        shown = text.source
        root, file = self._home(uri)
        original = server.translations.original(uri, shown)
        if original is not None:
            jax = shown
            if not original.whole:  # what is PyTorch still has to become JAX to run beside it
                jax = (await server.translations.propose(uri)).jax
            return Pair(original.source, jax, shown, root, file, own=True)
        target = jax_uri(uri) if server.settings(uri).output == "sibling" else None
        there = server.text(target) if target is not None else None
        if there is not None:
            return Pair(shown, there.source, shown, root, file, True, target)
        made = (await server.translations.propose(uri)).jax
        jax = under_own_names(made) if server.settings(uri).output == "below" else made
        return Pair(shown, jax, shown, root, file, jax != made, target)

    def _torch_version(self, uri: str) -> str:
        """The document that this one is the JAX version of; else itself."""
        source = torch_uri(uri)
        return source if source is not None and self._server.text(source) is not None else uri

    def _home(self, uri: str) -> tuple[str | None, str | None]:
        """The project folder of a file and its path in it."""
        folder = self._server.folders.of(uri)
        root = self._server.path(folder) if folder is not None else None
        path = self._server.path(uri)
        if root is None or path is None or not path.is_relative_to(root):
            return None, None
        return str(root), path.relative_to(root).as_posix()

    async def verify(self, uri: str, name: str | None, job: Job) -> dict[str, Any]:
        """Verify a document; the verdict on ``name`` if it has one of its own.

        Raises:
            Failure: the workspace is not trusted, or there is nothing to run.
        """
        self.require_trust()
        uri = self._torch_version(uri)
        pair = await self.pair(uri)
        job.report("running both versions")
        try:
            verdict = await self._server.workers.verify.call(
                "verify", pair.params(self._server, uri)
            )
        except WorkerDied as error:
            verdict = _ended(WHOLE, "error", str(error))
        unit = self._server.unit(uri)
        noted = self._noted.setdefault(unit.uri if unit is not None else uri, {})
        top = name.partition(".")[0] if name is not None else None
        found = _by_definition(verdict, pair.shown, top)
        noted.update({target: Noted(part, pair) for target, part in found.items()})
        await self.refresh_lenses()
        self._server.background(self._cost(uri, pair))
        answer: dict[str, Any] = found.get(top or WHOLE, verdict)
        return answer

    async def _cost(self, uri: str, pair: Pair) -> None:
        """Find out what the verified targets cost."""
        unit = self._server.unit(uri)
        noted = self._noted.get(unit.uri if unit is not None else uri, {})
        verified = [n for n in noted if noted[n].verdict["status"] == "verified"]
        for target in verified[:_COSTED]:
            params = {**pair.params(self._server, uri), "name": target, "form": "cost"}
            try:
                noted[target].cost = await self._server.workers.verify.call("compile", params)
            except (Failure, WorkerDied, KeyError):
                return
        if verified:
            await self.refresh_lenses()

    async def compiled(self, uri: str, name: str | None, form: str) -> dict[str, Any]:
        """What JAX makes of a target.

        Raises:
            Failure: the workspace is not trusted, or it cannot be run.
        """
        self.require_trust()
        uri = self._torch_version(uri)
        pair = await self.pair(uri)
        params = {**pair.params(self._server, uri), "name": name, "form": form}
        try:
            found: dict[str, Any] = await self._server.workers.verify.call("compile", params)
        except WorkerDied as error:
            raise Failure(str(error)) from None
        return found

    async def refresh_lenses(self) -> None:
        """Let the client ask for code lenses again."""
        if self._server.supports("workspace.code_lens.refresh_support"):
            asked = self._server.workspace_code_lens_refresh_async(None)
            self._server.background(_answered(asked))

    def forget(self, uri: str) -> None:
        """A document was closed."""
        self._noted.pop(uri, None)


async def _answered(asked: Any) -> None:
    await asyncio.shield(asked)


def _ended(target: str, status: str, message: str) -> dict[str, Any]:
    return {
        "target": target,
        "status": status,
        "rung": "nothing",
        "evidence": [],
        "device": "cpu",
        "failing_input": None,
        "message": message,
        "tolerance": "",
        "torch_seconds": None,
        "jax_seconds": None,
        "unreached": [],
        "parts": [],
    }


def _without_magics(source: str) -> str:
    return re.sub(rf"{MAGIC}\(\d+, \d+\)", "None", source)


def _by_definition(
    verdict: dict[str, Any], source: str, asked: str | None
) -> dict[str, dict[str, Any]]:
    """Definition → its verdict; that on the whole file is on each which has none of its own.

    Args:
        verdict: on a document, with its parts.
        source: the document's text.
        asked: a definition that must not stay without an answer.
    """
    from tojax.lsp.outline import outline
    from tojax.verify.targets import HOW_TO_ADD_INPUTS

    found = {part["target"]: part for part in verdict["parts"] or [verdict]}
    general = found.pop(WHOLE, None)
    if general is not None:
        names = [item.name for item in outline(source) if "." not in item.name]
        return {**dict.fromkeys(names, general), **found}
    if asked is not None and asked not in found:
        found[asked] = _ended(asked, "unverified", HOW_TO_ADD_INPUTS)
    return found


def _same(one: str, other: str, name: str) -> bool:
    """Whether a definition, its JAX version below it, and what they need are in both texts."""
    return one == other or _with_needs(one, name) == _with_needs(other, name)


def _with_needs(source: str, name: str) -> list[str]:
    from tojax.lsp.rewrite import jax_name, reduced

    text = source.replace("\r\n", "\n")
    found = []
    for version in (name, jax_name(name)):
        with contextlib.suppress(LookupError, SyntaxError):
            found.append(reduced(text, version))
    return [line for part in found or [text] for line in part.split("\n") if line.strip()]
