"""`tojax.draft`, `tojax.prompt` and `tojax.model`: a local model translates what rules do not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from tojax.lsp.edits import workspace_edit
from tojax.lsp.failures import CONTENT_MODIFIED, Failure, invalid
from tojax.lsp.features.commands import accepted, existing_target
from tojax.lsp.translations import jax_uri
from tojax.lsp.workers import WorkerDied

if TYPE_CHECKING:
    from tojax.lsp.commands import Call
    from tojax.lsp.jobs import Job
    from tojax.lsp.server import TojaxServer

DRAFT, PROMPT, MODEL = "tojax.draft", "tojax.prompt", "tojax.model"
# What a client with a preview of its own is told to run instead.
DRAFT_PREVIEW = "tojax.draftPreview"


def register(server: TojaxServer) -> None:
    """Wire the model."""

    @server.command(DRAFT)
    async def draft(call: Call) -> dict[str, Any]:
        """A draft for a file; applied here unless the client shows it first (``preview``)."""
        uri, repair = call.uri, call.arguments.get("repair") is True
        server.verdicts.require_trust()
        title = f"tojax: {'repairing' if repair else 'translating'} with the model"
        async with server.jobs.run(title, call.token) as job:
            made = await _drafted(server, uri, job, repair=repair)
        if call.arguments.get("preview") is not True:
            await _apply(server, made)
        return made

    @server.command(PROMPT)
    async def prompt(call: Call) -> dict[str, Any]:
        text = server.text(call.uri)
        if text is None:
            raise invalid(f"{call.uri} cannot be read")
        found: dict[str, Any] = await _asked(
            server, "prompt", {"source": text.source, "settings": _settings(server, call.uri)}
        )
        return found

    @server.command(MODEL)
    async def model(call: Call) -> dict[str, Any]:
        """Which model is asked, and where; nobody is asked for this."""
        from tojax.model.settings import read_model_settings

        settings = read_model_settings(None, _settings(server, call.uri))
        return {"models": list(settings.models), "hosts": list(settings.hosts)}


def _settings(server: TojaxServer, uri: str) -> dict[str, object]:
    return dict(server.settings(uri).model)


async def _drafted(server: TojaxServer, uri: str, job: Job, *, repair: bool) -> dict[str, Any]:
    """The model's version of a file as it is now.

    Raises:
        Failure: there is none, or the text changed meanwhile.
    """
    unit = server.unit(uri)
    text = server.text(uri)
    if text is None or (unit is not None and unit.is_notebook):
        raise invalid("the model translates files; translate cells by the rules")
    sibling = jax_uri(uri) if server.settings(uri).output != "inPlace" else None
    target = sibling or uri
    before = server.text(target)
    if repair and (before is None or target == uri):
        raise invalid(f"{uri} has no JAX version to repair")
    params = {
        "source": text.source,
        "repair": before.source if repair and before is not None else None,
        "settings": _settings(server, uri),
        "init": server.settings(uri).init,
        "device": server.settings(uri).verify_device,
    }
    made = await _asked(server, "draft", params, job)
    now, now_target = server.text(uri), server.text(target)
    if now is None or now.source != text.source or _source(now_target) != _source(before):
        raise Failure("the text has changed; ask the model again", CONTENT_MODIFIED)
    return {
        "uri": uri,
        "version": now.version,
        "text": made["code"],
        "target": target,
        "targetVersion": now_target.version if now_target is not None else None,
        "unresolved": made["unresolved"],
        "rules": made["rules"],
        "verdict": made["verdict"],
        "note": made["note"],
    }


def _source(text: Any) -> str | None:
    return text.source if text is not None else None


async def _asked(
    server: TojaxServer, method: str, params: dict[str, Any], job: Job | None = None
) -> Any:
    def tell(progress: dict[str, Any]) -> None:
        if job is not None:
            job.report(progress["message"])

    try:
        return await server.workers.model.call(method, params, tell)
    except WorkerDied as error:
        raise Failure(str(error)) from None


async def _apply(server: TojaxServer, made: dict[str, Any]) -> None:
    versions = {made["uri"]: made["version"], made["target"]: made["targetVersion"]}
    edit = workspace_edit(server, {made["target"]: made["text"]}, versions)
    params = types.ApplyWorkspaceEditParams(edit, "Translate to JAX with the model")
    answer = await asyncio.shield(server.workspace_apply_edit_async(params))
    if not answer.applied:
        raise Failure(answer.failure_reason or "the editor did not apply the edit")
    accepted(server, made["uri"], None)


def model_actions(server: TojaxServer, uri: str) -> list[types.CodeAction]:
    """The actions that ask a model: of the file, after all others, and never preferred."""
    if not server.trusted:
        return []
    command = DRAFT_PREVIEW if server.options.get("preview") is True else DRAFT
    wanted = [("Translate file to JAX with the model", False)]
    if existing_target(server, uri) is not None and server.settings(uri).output != "inPlace":
        wanted.append(("Repair JAX version with the model", True))
    return [
        types.CodeAction(
            title,
            types.CodeActionKind.RefactorRewrite,
            command=types.Command(title, command, arguments=[{"uri": uri, "repair": repair}]),
        )
        for title, repair in wanted
    ]
