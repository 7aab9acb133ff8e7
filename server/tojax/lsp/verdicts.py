"""Verdicts and costs of what is open, and how they read above a class."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tojax.lsp.failures import Failure
from tojax.lsp.jobs import Job
from tojax.lsp.translations import jax_uri
from tojax.lsp.units import MAGIC
from tojax.lsp.workers import WorkerDied

if TYPE_CHECKING:
    from tojax.lsp.server import TojaxServer

_PARTS = {
    "outputs match": "outputs",
    "gradients match": "gradients",
    "jits": "jit",
    "training step matches": "training step",
}
UNTRUSTED = "the workspace is not trusted: tojax does not run its code"
_COSTED = 4
_TIMES = "\N{MULTIPLICATION SIGN}"


@dataclass
class Noted:
    """What is known of one target, and the text that it holds for."""

    verdict: dict[str, Any]
    text: str
    cost: dict[str, float | None] | None = None


@dataclass(frozen=True)
class Pair:
    """Both versions of a document, as a worker takes them."""

    torch: str
    jax: str
    root: str | None
    file: str | None
    own: bool

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


class Verdicts:
    """Verifies documents, and keeps what came out."""

    def __init__(self, server: TojaxServer) -> None:
        self._server = server
        self._noted: dict[str, dict[str, Noted]] = {}

    def of(self, uri: str, name: str) -> Noted | None:
        """What is known of a target of a document."""
        return self._noted.get(uri, {}).get(name)

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
        server = self._server
        unit = server.unit(uri)
        if unit is not None and unit.is_notebook:
            proposal = await server.translations.propose(unit.uri)
            return Pair(_without_magics(unit.text.source), _without_magics(proposal.jax), *_NOWHERE)
        text = server.text(uri)
        original = server.translations.originals.get(uri)
        root, file = self._home(uri)
        if text is not None and original is not None and original[1] == text.source:
            return Pair(original[0], original[1], root, file, True)
        target = jax_uri(uri) if server.settings(uri).output == "sibling" else None
        sibling = server.text(target) if target is not None else None
        if text is not None and sibling is not None:
            return Pair(text.source, sibling.source, root, file, True)
        proposal = await server.translations.propose(uri)
        assert text is not None
        return Pair(text.source, proposal.jax, root, file, False)

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
        pair = await self.pair(uri)
        job.report("running both versions")
        try:
            verdict = await self._server.workers.verify.call(
                "verify", pair.params(self._server, uri)
            )
        except WorkerDied as error:
            verdict = _died(name or "<file>", str(error))
        unit = self._server.unit(uri)
        noted = self._noted.setdefault(unit.uri if unit is not None else uri, {})
        for part in verdict["parts"] or [verdict]:
            noted[part["target"]] = Noted(part, _definition_text(pair.torch, part["target"]))
        await self.refresh_lenses()
        self._server.background(self._cost(uri, pair))
        own = next((p for p in verdict["parts"] if name and _concerns(p["target"], name)), None)
        return own or verdict  # type: ignore[no-any-return]

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


_NOWHERE = (None, None, False)


async def _answered(asked: Any) -> None:
    await asyncio.shield(asked)


def _died(target: str, message: str) -> dict[str, Any]:
    return {
        "target": target,
        "status": "error",
        "rung": "nothing",
        "evidence": [],
        "device": "cpu",
        "failing_input": None,
        "message": message,
        "tolerance": "",
        "torch_seconds": None,
        "jax_seconds": None,
        "parts": [],
    }


def _without_magics(source: str) -> str:
    return re.sub(rf"{MAGIC}\(\d+, \d+\)", "None", source)


def _concerns(target: str, name: str) -> bool:
    return target in (name, name.partition(".")[0])


def _definition_text(source: str, name: str) -> str:
    from tojax.lsp.outline import outline

    return next((item.text for item in outline(source) if item.name == name), source)


def verdict_title(verdict: dict[str, Any]) -> str:
    """A verdict in one line: ``verified: outputs, gradients and jit match, 1.8x PyTorch``."""
    if verdict["status"] == "verified":
        passed = list(_passed(verdict))
        text = f"verified: {_listed(passed)} match" if passed else "verified"
        torch, jax = verdict["torch_seconds"], verdict["jax_seconds"]
        if torch and jax:
            text += f", {torch / jax:.2g}{_TIMES} PyTorch"
        return text
    label = "differs" if verdict["status"] == "differs" else "not verified"
    reason = " ".join(verdict["message"].split())
    return f"{label}: {reason if len(reason) <= 120 else reason[:117] + '…'}"


def _passed(verdict: dict[str, Any]) -> Iterator[str]:
    for evidence in verdict["evidence"]:
        if evidence["outcome"] == "passed" and evidence["rung"] in _PARTS:
            yield _PARTS[evidence["rung"]]


def _listed(parts: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def cost_title(cost: dict[str, Any]) -> str:
    """A cost in one line: ``1.2 MFLOP, 34 kB``; empty where JAX does not tell."""
    parts = []
    if cost.get("flops"):
        parts.append(f"{_scaled(cost['flops'])}FLOP")
    if cost.get("bytes"):
        parts.append(f"{_scaled(cost['bytes'])}B")
    return ", ".join(parts)


def _scaled(number: float) -> str:
    for prefix in ("", "k", "M", "G"):
        if number < 1000:
            return f"{number:.3g} {prefix}"
        number /= 1000
    return f"{number:.3g} T"
