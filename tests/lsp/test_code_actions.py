"""Code actions: what is offered where, and the edits that they make."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

import tojax
from tests.lsp.raw import URI, Raw, ended, started
from tests.lsp.session import NET, Session, session

pytestmark = pytest.mark.asyncio


async def _resolved(one: Session, uri: str, title: str) -> types.WorkspaceEdit:
    action = await one.resolve((await one.actions(uri, 11, 9))[title])
    assert action.edit is not None
    return action.edit


def _versions(edit: types.WorkspaceEdit) -> dict[str, int | None]:
    return {
        change.text_document.uri: change.text_document.version
        for change in edit.document_changes or []
        if isinstance(change, types.TextDocumentEdit)
    }


async def test_a_pitfall_offers_fix_rewrite_and_ignore(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET)
        actions = await one.actions(uri, 11, 9)
        assert list(actions) == [
            "Translate to JAX",
            "Ignore TJ101 here",
            "Translate Net to JAX",
            "Translate file to JAX",
            "Verify",
            "Translate file to JAX with the model",
        ]
        fix = actions["Translate to JAX"]
        assert fix.kind == types.CodeActionKind.QuickFix
        assert [item.code for item in fix.diagnostics or []] == ["TJ101"]
        assert fix.edit is None and fix.command is None
        only = await one.actions(uri, 11, 9, [types.CodeActionKind.Refactor])
        by_rules = ["Translate Net to JAX", "Translate file to JAX"]
        assert list(only) == [*by_rules, "Translate file to JAX with the model"]


async def test_a_selection_of_several_offers_each_and_the_file(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET)
        both = await one.actions(uri, 11, 8, end=(16, 4))
        titles = [title for title in both if title.startswith("Translate ")]
        assert titles[:3] == ["Translate to JAX", "Translate Net to JAX", "Translate scale to JAX"]
        assert both["Translate to JAX"].data["name"] is None
        first = await one.actions(uri, 11, 8, end=(15, 0))
        assert "Translate scale to JAX" not in first
        assert first["Translate to JAX"].data["name"] == "Net"


async def test_nothing_is_offered_without_pytorch(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("plain.py", "import numpy as np\n\n\ndef f(x):\n    return np.sum(x)\n")
        assert await one.actions(uri, 4, 8) == {}


async def test_the_file_goes_to_a_sibling(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET, version=4)
        edit = await _resolved(one, uri, "Translate file to JAX")
        changes = edit.document_changes or []
        assert isinstance(changes[0], types.CreateFile)
        one.apply(edit)
        target = one.uri("net_jax.py")
        assert one.text(target) == tojax.translate(NET).code
        assert one.text(uri) == NET


async def test_a_text_that_was_never_saved_is_translated_where_it_stands(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.show("untitled:Untitled-1", NET)
        edit = await _resolved(one, uri, "Translate file to JAX")
        assert _versions(edit) == {uri: 1}
        one.apply(edit)
        assert one.text(uri) == tojax.translate(NET).code


async def test_a_definition_joins_the_sibling_that_is_there(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        mine = (
            "import jax\n\n\ndef mine():\n    return jax.devices()\n\n\nclass Net:\n    old = 1\n"
        )
        target = one.open("net_jax.py", mine, version=3)
        uri = one.open("net.py", NET)
        edit = await _resolved(one, uri, "Translate Net to JAX")
        assert _versions(edit) == {target: 3}
        one.apply(edit)
        text = one.text(target)
        names = [s.name for s in ast.parse(text).body if isinstance(s, ast.ClassDef)]
        assert names == ["Net"]
        assert "    return jax.devices()" in text
        assert "old = 1" not in text and "class Net(nnx.Module)" in text
        assert text.count("import jax\n") == 1


async def test_in_place_the_definition_is_replaced(tmp_path: Path) -> None:
    async with session(tmp_path, settings={"output": "inPlace"}) as one:
        uri = one.open("net.py", NET, version=2)
        edit = await _resolved(one, uri, "Translate Net to JAX")
        assert _versions(edit) == {uri: 2}
        one.apply(edit)
        text = one.text(uri)
        assert "class Net(nnx.Module)" in text and "from flax import nnx" in text
        assert "def scale(x: torch.Tensor):\n    return x * torch.ones(3)" in text
        ast.parse(text)


async def test_below_the_original_stays(tmp_path: Path) -> None:
    async with session(tmp_path, settings={"output": "below"}) as one:
        uri = one.open("net.py", NET)
        edit = await _resolved(one, uri, "Translate Net to JAX")
        one.apply(edit)
        body = ast.parse(one.text(uri)).body
        names = [s.name for s in body if isinstance(s, ast.ClassDef | ast.FunctionDef)]
        assert names == ["Net", "NetJax", "scale", "get_inputs", "get_init_inputs"]
        original = NET[NET.index("class Net") : NET.index("def scale")].strip()
        assert original in one.text(uri)


async def test_an_edit_is_made_for_the_text_as_it_is_when_chosen(tmp_path: Path) -> None:
    async with session(tmp_path, settings={"output": "inPlace"}) as one:
        uri = one.open("net.py", NET)
        action = (await one.actions(uri, 11, 9))["Translate Net to JAX"]
        newer = NET.replace("y[0] = 1", "y[0] = 2")
        one.change(uri, 2, newer)
        edit = (await one.resolve(action)).edit
        assert edit is not None and _versions(edit) == {uri: 2}
        text = edit.document_changes[0].edits[0].new_text  # type: ignore[index, union-attr]
        assert "set(2)" in text and "set(1)" not in text


async def test_text_that_changes_while_it_is_translated_is_translated_again(
    tmp_path: Path,
) -> None:
    async with session(tmp_path, settings={"output": "inPlace"}) as one:
        uri = one.open("net.py", NET)
        actions = await one.actions(uri, 11, 9)
        asked = one.client.code_action_resolve_async(actions["Translate Net to JAX"])
        task = asyncio.ensure_future(asked)
        await asyncio.sleep(0)  # the request is on its way; the edit comes right behind
        one.change(uri, 2, NET.replace("y[0] = 1", "y[0] = 2"))
        edit = (await task).edit
        assert edit is not None and _versions(edit) == {uri: 2}
        text = edit.document_changes[0].edits[0].new_text  # type: ignore[index, union-attr]
        assert "set(2)" in text


async def test_ignoring_adds_to_the_comment(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET)
        one.apply(await _resolved(one, uri, "Ignore TJ101 here"))
        assert "        y[0] = 1  # tojax: ignore[TJ101]\n" in one.text(uri)
        assert len(one.text(uri)) == len(NET) + len("  # tojax: ignore[TJ101]")
        one.change(uri, 2, one.text(uri))
        assert "TJ101" not in [item.code for item in await one.pushed(uri, 2)]


async def test_an_ignore_for_older_text_is_refused(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET)
        action = (await one.actions(uri, 11, 9))["Ignore TJ101 here"]
        one.change(uri, 2, (0, 0, 0, 0, "\n"))
        with pytest.raises(JsonRpcException, match="changed"):
            await one.resolve(action)


@pytest.mark.parametrize("resolving", [{}, {"resolveSupport": {"properties": ["edit"]}}])
async def test_a_client_that_does_not_resolve_is_given_all_there_is(
    resolving: dict[str, object],
) -> None:
    raw, process = await started()
    literals = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}
    await raw.begin(textDocument={"codeAction": {**literals, **resolving}})
    raw.open(URI, NET)
    actions = await _listed(raw)
    translate = {"uri": URI, "name": "Net", "version": 1}
    assert actions["Translate Net to JAX"]["kind"] == "refactor.rewrite"
    assert actions["Translate Net to JAX"]["command"] == {
        "title": "Translate Net to JAX",
        "command": "tojax.apply",
        "arguments": [translate],
    }
    (edit,) = actions["Ignore TJ101 here"]["edit"]["changes"][URI]
    assert "# tojax: ignore[TJ101]" in edit["newText"]
    assert await ended(raw, process) == 0


async def test_a_client_that_knows_no_code_actions_is_given_commands() -> None:
    raw, process = await started()
    await raw.begin()
    raw.open(URI, NET)
    actions = await _listed(raw)
    assert {title: action["command"] for title, action in actions.items()} == {
        "Translate to JAX": "tojax.apply",
        "Translate Net to JAX": "tojax.apply",
        "Translate file to JAX": "tojax.apply",
        "Verify": "tojax.verify",
        "Translate file to JAX with the model": "tojax.draft",
    }
    assert await ended(raw, process) == 0


async def test_what_a_client_cannot_show_is_not_offered() -> None:
    raw, process = await started()
    await raw.begin()
    raw.open(URI, NET)
    raw.open(URI.replace("net", "net_jax"), "x = 1\n")
    assert "Open JAX version" not in await _listed(raw)
    assert await ended(raw, process) == 0


async def test_what_other_servers_found_is_no_hindrance() -> None:
    raw, process = await started()
    await raw.begin()
    raw.open(URI, NET)
    start, end = {"line": 11, "character": 8}, {"line": 11, "character": 12}
    foreign = {"range": {"start": start, "end": end}, "message": "long", "severity": 5, "tags": [3]}
    assert await _listed(raw, foreign) == await _listed(raw)
    assert await ended(raw, process) == 0


async def _listed(raw: Raw, *diagnostics: Any) -> dict[str, Any]:
    """What a client is offered at a pitfall, by title."""
    point = {"line": 11, "character": 9}
    params = {
        "textDocument": {"uri": URI},
        "range": {"start": point, "end": point},
        "context": {"diagnostics": diagnostics},
    }
    answer = await raw.ask("textDocument/codeAction", params)
    return {action["title"]: action for action in answer["result"]}


async def test_with_preview_the_client_gets_a_command(tmp_path: Path) -> None:
    async with session(tmp_path, options={"preview": True}) as one:
        uri = one.open("net.py", NET, version=5)
        actions = await one.actions(uri, 11, 9)
        command = actions["Translate Net to JAX"].command
        assert command is not None and command.command == "tojax.preview"
        assert list(command.arguments or []) == [{"uri": uri, "name": "Net", "version": 5}]
        made = await one.command("tojax.translate", uri=uri, name="Net")
        assert made["version"] == 5 and made["target"] == one.uri("net_jax.py")
        assert "class Net(nnx.Module)" in made["text"]


async def test_what_cannot_be_translated_says_why(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET)
        with pytest.raises(JsonRpcException, match="Missing"):
            await one.command("tojax.translate", uri=uri, name="Missing")
        one.change(uri, 2, f"{NET}\n\ndef broken(:\n")
        with pytest.raises(JsonRpcException, match="syntax error"):
            await one.command("tojax.translate", uri=uri)
        made = await one.command("tojax.translate", uri=uri, name="Net")
        assert "class Net(nnx.Module)" in made["text"]


async def test_opening_the_jax_version(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET)
        with pytest.raises(JsonRpcException, match="no JAX version"):
            await one.command("tojax.openJax", uri=uri)
        (tmp_path / "net_jax.py").write_text("x = 1\n", encoding="utf-8")
        assert "Open JAX version" in await one.actions(uri, 11, 9)
        found = await one.command("tojax.openJax", uri=uri)
        assert found["target"] == one.uri("net_jax.py")
        assert [shown.uri for shown in one.client.shown_documents] == [found["target"]]


@pytest.mark.parametrize("name", ["net", "größe 1"])
async def test_a_jax_version_that_was_not_saved_yet_can_be_opened(
    tmp_path: Path, name: str
) -> None:
    async with session(tmp_path) as one:
        uri = one.open(f"{name}.py", NET)
        target = one.show(one.uri(f"{name}_jax.py"), "x = 1\n")
        assert "Open JAX version" in await one.actions(uri, 11, 9)
        assert (await one.command("tojax.openJax", uri=uri))["target"] == target


async def test_apply_edits_the_editor(tmp_path: Path) -> None:
    settings = {"output": "inPlace", "verify": {"automatic": False}}
    async with session(tmp_path, settings=settings) as one:
        uri = one.open("net.py", NET)
        await one.command("tojax.apply", uri=uri)
        assert one.text(uri) == tojax.translate(NET).code


async def test_lenses_stand_above_definitions_and_cells(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", f"{NET}\n# %% a cell\nz = torch.ones(2)\n\n# %% plain\nq = 1\n")
        lenses = await one.lenses(uri)
        cell = NET.count("\n") + 1
        assert lenses == [
            (line, title) for line in (4, 15, cell) for title in ("Translate", "Verify")
        ]


async def test_lenses_can_be_turned_off(tmp_path: Path) -> None:
    async with session(tmp_path, settings={"lens": {"enabled": False}}) as one:
        uri = one.open("net.py", NET)
        await one.command("tojax.translate", uri=uri)  # the settings have arrived by then
        assert await one.lenses(uri) == []
