"""Translate, ignore, open and verify; edits are made when an action is chosen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from tojax.lsp.edits import workspace_edit
from tojax.lsp.failures import CONTENT_MODIFIED, Failure, invalid
from tojax.lsp.features.commands import APPLIED, APPLY, OPEN, existing_target
from tojax.lsp.features.model import model_actions
from tojax.lsp.features.verify import VERIFY
from tojax.lsp.findings import diagnostic
from tojax.lsp.outline import Definition
from tojax.lsp.units import Part

if TYPE_CHECKING:
    from tojax.lsp.analysis import Analysis, Hit
    from tojax.lsp.server import TojaxServer

PREVIEW = "tojax.preview"
_KINDS = (types.CodeActionKind.QuickFix, types.CodeActionKind.RefactorRewrite)


def register(server: TojaxServer) -> None:
    """Wire code actions and their resolution."""

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(list(_KINDS), resolve_provider=True),
    )
    async def list_actions(
        params: types.CodeActionParams,
    ) -> list[types.CodeAction] | list[types.Command]:
        unit, part = server.located(params.text_document.uri)
        unit.point(part, params.range.start)  # an answer only to what is there
        analysis = await server.analysis(unit)
        if not analysis.uses_torch:
            return []
        server.background(server.workers.warm_up(unit.text.source))
        actions = _Actions(server, analysis, part, params).listed()
        only = params.context.only
        if only is not None:
            actions = [a for a in actions if any(_is_kind(a.kind or "", wanted) for wanted in only)]
        if server.supports("text_document.code_action.code_action_literal_support") is None:
            return [action.command for action in actions if action.command is not None]
        return actions

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(action: types.CodeAction) -> types.CodeAction:
        data: Any = action.data
        if action.edit is not None or not isinstance(data, dict) or "do" not in data:
            return action
        uri, name = data.get("uri"), data.get("name")
        if not isinstance(uri, str) or not isinstance(name, str | None):
            raise invalid("the action has lost its data")
        if data["do"] == "ignore":
            action.edit = _ignoring(server, uri, data)
        elif data["do"] == "translate":
            proposal = await server.translations.propose(uri, name)
            action.edit = workspace_edit(server, proposal.changes, proposal.versions)
            action.command = types.Command(
                "Verify", APPLIED, arguments=[{"uri": uri, "name": name, "target": proposal.target}]
            )
        return action


def _resolves(server: TojaxServer) -> bool:
    """Whether the client asks for the edit of an action, and then still has its data."""
    properties = server.supports("text_document.code_action.resolve_support.properties") or ()
    return "edit" in properties and server.supports("text_document.code_action.data_support")


def _is_kind(kind: str, wanted: str) -> bool:
    return wanted == "" or kind == wanted or kind.startswith(f"{wanted}.")


class _Actions:
    """The actions for one request."""

    def __init__(
        self,
        server: TojaxServer,
        analysis: Analysis,
        part: Part,
        params: types.CodeActionParams,
    ) -> None:
        self._server, self._analysis, self._part = server, analysis, part
        self._unit = analysis.unit
        self._place = self._unit.place(part, params.range)
        self._version = part.text.version
        self._resolves = _resolves(server)

    def listed(self) -> list[types.CodeAction]:
        """All of them, quick fixes first."""
        touched = self._touched()
        ignored = self._server.settings(self._unit.uri).ignore
        hits = [
            hit
            for hit in self._analysis.hits_within(self._place)
            if hit.bug.code not in ignored
            and self._unit.part_at(hit.construct.place[0]) is self._part
        ]
        actions = []
        name = self._meant(touched)
        has_torch = bool(hits) or any(
            c.place[:2] <= self._place[2:] and self._place[:2] <= c.place[2:]
            for c in self._analysis.constructs
        )
        if has_torch:
            fixed = [self._shown(hit) for hit in hits]
            action = self._translate("Translate to JAX", name, types.CodeActionKind.QuickFix)
            action.diagnostics = fixed or None
            actions.append(action)
        actions += [self._ignore(hit) for hit in _one_per_code(hits)]
        rewrite = types.CodeActionKind.RefactorRewrite
        for definition in touched:
            title = f"Translate {definition.name} to JAX"
            actions.append(self._translate(title, definition.name, rewrite))
        if self._unit.is_notebook:
            actions.append(self._translate("Translate cell to JAX", None, rewrite))
            actions.append(self._translate_notebook(rewrite))
        else:
            actions.append(self._translate("Translate file to JAX", None, rewrite))
        uri = self._part.text.uri
        can_open = self._server.supports("window.show_document.support")
        if can_open and existing_target(self._server, uri) is not None:
            actions.append(self._command("Open JAX version", OPEN, {"uri": uri}))
        actions.append(self._command("Verify", VERIFY, {"uri": uri, "name": name}))
        if not self._unit.is_notebook:
            actions += model_actions(self._server, uri)
        return actions

    def _touched(self) -> list[Definition]:
        """The top-level definitions with PyTorch in them that the selection is in or reaches."""
        first, last = self._lines()
        return [
            d
            for d in self._analysis.outline
            if "." not in d.name
            and d.first <= last
            and first <= d.last
            and any(d.first <= c.place[0] <= d.last for c in self._analysis.constructs)
        ]

    def _lines(self) -> tuple[int, int]:
        """The first and the last line of the selection, without one that it only comes up to."""
        start, _, end, column = self._place
        return start, end - (end > start and column == 0)

    def _meant(self, touched: list[Definition]) -> str | None:
        """The definition that all selected PyTorch is in; None where that is the whole file."""
        if len(touched) != 1:
            return None
        (only,) = touched
        first, last = self._lines()
        lines = [c.place[0] for c in self._analysis.constructs if first <= c.place[0] <= last]
        return only.name if all(only.first <= line <= only.last for line in lines) else None

    def _shown(self, hit: Hit) -> types.Diagnostic:
        return diagnostic(self._unit, self._part, hit)

    def _translate(
        self, title: str, name: str | None, kind: types.CodeActionKind
    ) -> types.CodeAction:
        uri = self._part.text.uri
        target = {"uri": uri, "name": name, "version": self._version}
        action = types.CodeAction(title, kind)
        if self._server.options.get("preview") is True:
            action.command = types.Command(title, PREVIEW, arguments=[target])
            return action
        return self._applying(action, target)

    def _translate_notebook(self, kind: types.CodeActionKind) -> types.CodeAction:
        action = types.CodeAction("Translate notebook to JAX", kind)
        return self._applying(action, {"uri": self._unit.uri, "name": None})

    def _applying(self, action: types.CodeAction, target: dict[str, Any]) -> types.CodeAction:
        """An action that edits when it is chosen."""
        if self._resolves:
            action.data = {"do": "translate", **target}
        else:
            action.command = types.Command(action.title, APPLY, arguments=[target])
        return action

    def _ignore(self, hit: Hit) -> types.CodeAction:
        uri = self._part.text.uri
        data = {
            "do": "ignore",
            "uri": uri,
            "version": self._version,
            "line": hit.construct.place[2] - self._part.first,
            "code": hit.bug.code,
        }
        title, kind = f"Ignore {hit.bug.code} here", types.CodeActionKind.QuickFix
        edit = None if self._resolves else _ignoring(self._server, uri, data)
        return types.CodeAction(title, kind, [self._shown(hit)], edit=edit, data=data)

    def _command(self, title: str, command: str, argument: dict[str, Any]) -> types.CodeAction:
        started = types.Command(title, command, arguments=[argument])
        return types.CodeAction(title, types.CodeActionKind.Empty, command=started)


def _one_per_code(hits: list[Hit]) -> list[Hit]:
    return list({hit.bug.code: hit for hit in reversed(hits)}.values())[::-1]


def _ignoring(server: TojaxServer, uri: str, data: dict[str, Any]) -> types.WorkspaceEdit:
    """The comment that silences a code on a line of the text that the action was listed for.

    Raises:
        Failure: the text has changed since, or there is no such line.
    """
    _, part = server.located(uri)
    line, code = data.get("line"), data.get("code")
    if data.get("version") != part.text.version:
        raise Failure("the text has changed; ask for the actions again", CONTENT_MODIFIED)
    if not isinstance(line, int) or not isinstance(code, str):
        raise invalid("the action has lost its data")
    if not 0 <= line < len(part.text.lines):
        raise invalid(f"there is no line {line}")
    lines = list(part.text.lines)
    lines[line] = with_ignore(lines[line], code)
    start, end = part.text.starts[line], part.text.starts[line] + len(part.text.lines[line])
    text = part.text.source[:start] + lines[line] + part.text.source[end:]
    return workspace_edit(server, {uri: text}, {uri: part.text.version})


def with_ignore(line: str, code: str) -> str:
    """A line with a comment that silences a code, joined with one that is there."""
    match = re.search(r"#\s*tojax:\s*ignore\[([^\]]*)\]", line)
    if match is not None:
        return f"{line[: match.end(1)]}, {code}{line[match.end(1) :]}"
    return f"{line.rstrip()}  # tojax: ignore[{code}]"
