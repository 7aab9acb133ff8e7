"""Settings of folders, from the editor and from pyproject.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

import tojax
from tests.lsp.raw import URI, ended, started
from tests.lsp.session import NET, Session, capabilities, session
from tojax.lsp.settings import Settings, read_settings


async def _codes(one: Session, uri: str, since: int = 0) -> list[object]:
    return [item.code for item in await one.pushed(uri, since=since)]


@pytest.mark.asyncio
async def test_each_folder_has_its_own(tmp_path: Path) -> None:
    one_folder, other = tmp_path / "one", tmp_path / "other"
    for folder in (one_folder, other):
        folder.mkdir()
    (other / "pyproject.toml").write_text('[tool.tojax]\nignore = ["TJ101"]\n', encoding="utf-8")
    async with session(tmp_path, folders=[one_folder, other]) as one:
        first = one.open("one/net.py", NET)
        second = one.open("other/net.py", NET)
        assert "TJ101" in await _codes(one, first)
        assert "TJ101" not in await _codes(one, second)


@pytest.mark.asyncio
async def test_a_change_takes_effect_without_a_restart(tmp_path: Path) -> None:
    async with session(tmp_path, settings={}) as one:
        uri = one.open("net.py", NET)
        assert "TJ101" in await _codes(one, uri)
        one.client.set_configuration({"tojax": {"ignore": ["TJ101"]}})
        changed = types.DidChangeConfigurationParams(None)
        one.client.workspace_did_change_configuration(changed)
        await one.until(
            lambda: "TJ101" not in [item.code for item in one.published[-1].diagnostics]
        )


@pytest.mark.asyncio
async def test_a_client_that_cannot_be_asked_sends_its_settings(tmp_path: Path) -> None:
    can = capabilities()
    assert can.workspace is not None
    can.workspace.configuration = None
    async with session(tmp_path, can=can) as one:
        uri = one.open("net.py", NET)
        settings = {"tojax": {"output": "inPlace"}}
        one.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
        assert (await one.command("tojax.translate", uri=uri))["target"] == uri
        one.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        assert (await one.command("tojax.translate", uri=uri))["target"] == uri


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "reply",
    [
        {"result": None},
        {"result": {}},
        {"result": [None]},
        {"error": {"code": -32601, "message": "Method not found"}},
    ],
)
async def test_a_client_without_an_answer_is_served_as_it_said(reply: dict[str, Any]) -> None:
    raw, process = await started()
    raw.replies["workspace/configuration"] = reply
    files = {"didChangeWatchedFiles": {"dynamicRegistration": True}}
    await raw.begin(workspace={"configuration": True, **files})
    settings = {"tojax": {"output": "inPlace"}}
    raw.message(method="workspace/didChangeConfiguration", params={"settings": settings})
    raw.open(URI, NET)
    translate = {"command": "tojax.translate", "arguments": [{"uri": URI}]}
    made = await raw.ask("workspace/executeCommand", translate)
    assert made["result"]["target"] == URI
    assert "client/registerCapability" in raw.asked
    assert await ended(raw, process) == 0


@pytest.mark.asyncio
async def test_lenses_are_asked_for_again_when_settings_change(tmp_path: Path) -> None:
    async with session(tmp_path, settings={}) as one:
        uri = one.open("net.py", NET)
        assert await one.lenses(uri)
        one.client.set_configuration({"tojax": {"lens": {"enabled": False}}})
        before = one.refreshes
        one.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        await one.until(lambda: one.refreshes > before)
        assert await one.lenses(uri) == []


@pytest.mark.asyncio
async def test_wrong_settings_are_shown_once(tmp_path: Path) -> None:
    async with session(tmp_path, settings={"output": "sideways", "verify": {"timeout": -1}}) as one:
        uri = one.open("net.py", NET)
        await one.pushed(uri, 1)
        await one.until(lambda: len(one.client.messages) >= 2)
        made = await one.command("tojax.translate", uri=uri)
        assert made["target"] == one.uri("net_jax.py")  # the default
        one.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        await one.command("tojax.translate", uri=uri)
        texts = [message.message for message in one.client.messages]
        assert len(texts) == 2
        assert any("tojax.output" in text and "'sideways'" in text for text in texts)
        assert any("tojax.verify.timeout" in text for text in texts)


@pytest.mark.asyncio
async def test_parameters_start_as_the_setting_says(tmp_path: Path) -> None:
    async with session(tmp_path, settings={"init": "torch"}) as one:
        made = await one.command("tojax.translate", uri=one.open("net.py", NET))
        assert made["text"] == tojax.translate(NET, init="torch").code
        assert made["text"] != tojax.translate(NET).code


def test_the_editor_goes_over_the_project() -> None:
    settings, problems = read_settings(
        ("pyproject.toml", {"output": "below", "verify": {"device": "cpu"}}),
        ("settings", {"output": "inPlace"}),
    )
    assert (settings.output, settings.verify_device, problems) == ("inPlace", "cpu", [])


def test_the_model_is_set_where_everything_is() -> None:
    settings, problems = read_settings(
        ("pyproject.toml", {"model": {"model": "codellama:7b", "host": ["127.0.0.1", "gpu"]}}),
        ("settings", {"model": {"model": None, "rounds": 2}}),
    )
    expected = {"model": "codellama:7b", "host": ("127.0.0.1", "gpu"), "rounds": 2}
    assert (dict(settings.model), problems) == (expected, [])
    assert hash(settings)


@pytest.mark.parametrize(
    "wrong",
    [
        {"output": 3},
        {"ignore": "TJ101"},
        {"ignore": ["nonsense!"]},
        {"verify": {"automatic": "yes"}},
        {"verify": {"timeout": True}},
        {"lens": {"enabled": 1}},
        {"unheard": 1},
        {"model": {"rounds": 0}},
        {"model": {"unheard": 1}},
        [],
    ],
)
def test_what_is_wrong_is_told_and_the_default_stays(wrong: object) -> None:
    settings, problems = read_settings(("settings", wrong))
    assert settings == Settings()
    assert len(problems) == 1
