"""The folders of the workspace and their settings."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.uris import to_fs_path

from tojax.lsp.settings import Settings, project_settings, read_settings

if TYPE_CHECKING:
    from tojax.lsp.server import TojaxServer

_NO_FOLDER = ""
_ANSWER_SECONDS = 2.0


class Folders:
    """Settings by folder; documents outside of all have those of no folder."""

    def __init__(self, server: TojaxServer) -> None:
        self._server = server
        self._settings: dict[str, Settings] = {}
        self._known = asyncio.Event()
        self._pushed: object = None

    async def known(self) -> None:
        """Wait for the client's settings, but not long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._known.wait(), _ANSWER_SECONDS)
        self._known.set()

    @property
    def uris(self) -> list[str]:
        """The folders of the workspace."""
        return [folder.uri for folder in self._server.workspace.folders.values()]

    def of(self, uri: str) -> str | None:
        """The innermost folder that a document is in."""
        name = unquote(uri)
        if name.startswith("vscode-notebook-cell:"):
            name = "file:" + name.partition(":")[2].partition("#")[0]
        inside = [
            folder
            for folder in self.uris
            if name == unquote(folder) or name.startswith(f"{unquote(folder).rstrip('/')}/")
        ]
        return max(inside, key=len, default=None)

    def settings(self, uri: str) -> Settings:
        """The settings for a document."""
        folder = self.of(uri) or _NO_FOLDER
        if folder not in self._settings:  # not asked for yet
            self._settings[folder] = self._read(folder, None)
        return self._settings[folder]

    def own_bugs(self, uri: str) -> Path | None:
        """The folder with the user's own bug files, if there is a good one."""
        folder = self.of(uri)
        path = to_fs_path(folder) if folder else None
        bugs = Path(path) / ".tojax" / "bugs" if path else None
        if bugs is None or not bugs.is_dir():
            return None
        from tojax.rules.bugs import BugFileError, load_bugs

        try:
            load_bugs(bugs)
        except BugFileError as error:
            self._server.tell_once(str(error))
            return None
        return bugs

    async def update(self, pushed: object = None) -> bool:
        """Ask the client for its settings again; tells whether any changed.

        Args:
            pushed: the settings that came with the news of a change. They count where the client
                cannot be asked, or has no answer.
        """
        if isinstance(pushed, dict) and "tojax" in pushed:
            self._pushed = pushed["tojax"]
        folders = [*self.uris, _NO_FOLDER]
        answers = await self._answers(folders)
        self._known.set()
        before = self._settings
        self._settings = {
            folder: self._read(folder, answer)
            for folder, answer in zip(folders, answers, strict=True)
        }
        return any(self._settings.get(folder) != known for folder, known in before.items())

    async def _answers(self, folders: list[str]) -> list[object]:
        """What the client says of each folder."""
        answers: list[object] = [None] * len(folders)
        if self._server.supports("workspace.configuration"):
            items = [
                types.ConfigurationItem(scope_uri=folder or None, section="tojax")
                for folder in folders
            ]
            asked = self._server.workspace_configuration_async(types.ConfigurationParams(items))
            with contextlib.suppress(JsonRpcException):  # refused, or no list
                given = await asyncio.shield(asked)
                if len(given) == len(folders):
                    answers = list(given)
        return [self._pushed if answer is None else answer for answer in answers]

    def _read(self, folder: str, answer: object) -> Settings:
        path = to_fs_path(folder) if folder else None
        project, problems = project_settings(Path(path)) if path else (None, [])
        settings, more = read_settings((f"{path}/pyproject.toml", project), ("settings", answer))
        for problem in problems + more:
            self._server.tell_once(f"{problem}; the default is used")
        return settings
