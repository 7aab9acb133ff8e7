"""What stands above a definition after verification, and how long it holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

import tojax
from tests.lsp.session import NET, Session, session

pytestmark = [pytest.mark.slow, pytest.mark.asyncio]

QUICK = {"verify": {"device": "cpu", "automatic": False}}


async def _titles(one: Session, uri: str, line: int) -> list[str]:
    return [title for number, title in await one.lenses(uri) if number == line]


async def test_what_cannot_be_run_says_so_above_the_definition(tmp_path: Path) -> None:
    async with session(tmp_path, settings=QUICK) as one:
        uri = one.open("net.py", NET[: NET.index("def get_inputs")])
        verdict = await one.command("tojax.verify", uri=uri, name="Net")
        assert verdict["status"] == "unverified"
        for line in (4, 15):
            assert "not verified: nothing to run it with" in (await _titles(one, uri, line))[-1]
        commented = NET.replace("class Net", "# tojax: inputs=(float32[2, 4],)\nclass Net")
        one.change(uri, 2, commented[: commented.index("def get_inputs")])
        verdict = await one.command("tojax.verify", uri=uri, name="scale")
        assert (verdict["target"], verdict["status"]) == ("scale", "unverified")
        assert "nothing to run it with" in (await _titles(one, uri, 16))[-1]
        assert any(title.startswith("verified") for title in await _titles(one, uri, 5))
        assert one.client.messages == []


async def test_a_verdict_that_no_lens_can_show_is_told(tmp_path: Path) -> None:
    async with session(tmp_path, settings=QUICK | {"lens": {"enabled": False}}) as one:
        uri = one.open("net.py", NET)
        await one.command("tojax.verify", uri=uri)
        (message,) = one.client.messages
        assert message.type == types.MessageType.Info
        assert message.message.startswith("net.py: verified: outputs")


async def test_a_verdict_holds_until_either_version_is_edited(tmp_path: Path) -> None:
    source = NET.replace("torch.relu(y)", "half() * torch.relu(y)")
    source = source.replace("class Net", "def half():\n    return 0.5\n\n\nclass Net")
    async with session(tmp_path, settings=QUICK) as one:
        jax = one.open("net_jax.py", tojax.translate(source).code)
        uri = one.open("net.py", source)
        await one.command("tojax.verify", uri=uri, name="Net")
        line = 8
        assert any(title.startswith("verified") for title in await _titles(one, uri, line))
        seen = one.refreshes
        one.change(jax, 2, one.text(jax).replace("return 0.5", "return 0.25"))
        await one.until(lambda: one.refreshes > seen)
        assert any(t.startswith("edited since") for t in await _titles(one, uri, line))
        one.change(jax, 3, one.text(jax) + "\n\ndef other():\n    return 1\n")
        assert any(title.startswith("verified") for title in await _titles(one, uri, line))
        one.change(uri, 2, source.replace("return 0.5", "return 0.75"))
        assert any(t.startswith("edited since") for t in await _titles(one, uri, line))


async def test_the_jax_version_is_verified_against_its_source(tmp_path: Path) -> None:
    async with session(tmp_path, settings=QUICK) as one:
        one.open("net.py", NET)
        jax = one.open("net_jax.py", tojax.translate(NET).code.replace("set(1)", "set(2)"))
        verdict = await one.command("tojax.verify", uri=jax)
        assert verdict["status"] == "differs"
        assert one.client.messages[-1].message.startswith("net_jax.py: differs")


async def test_what_was_translated_in_place_is_verified_against_what_it_was(tmp_path: Path) -> None:
    commented = NET[: NET.index("def get_inputs")]
    for name, inputs in (("class Net", "float32[2, 4]"), ("def scale", "float32[2, 3]")):
        commented = commented.replace(name, f"# tojax: inputs=({inputs},)\n{name}")
    async with session(tmp_path, settings=QUICK | {"output": "inPlace"}) as one:
        uri = one.open("net.py", commented)
        for version, (name, other) in enumerate((("Net", "scale"), ("scale", "Net")), 2):
            await one.command("tojax.apply", uri=uri, name=name)
            one.change(uri, version, one.text(uri))
            verdict = await one.command("tojax.verify", uri=uri, name=name)
            assert (verdict["target"], verdict["status"]) == (name, "verified"), verdict
            lines = one.text(uri).split("\n")
            for found in (name, other):
                line = next(n for n, text in enumerate(lines) if f" {found}(" in text)
                titles = await _titles(one, uri, line)
                assert any(title.startswith("verified") for title in titles), (found, titles)
        assert "torch" not in one.text(uri)


async def test_what_stands_below_is_verified_as_it_stands(tmp_path: Path) -> None:
    async with session(tmp_path, settings=QUICK | {"output": "below"}) as one:
        uri = one.open("net.py", NET)
        await one.command("tojax.apply", uri=uri, name="Net")
        below = one.text(uri)
        assert "class NetJax(nnx.Module)" in below
        one.change(uri, 2, below)
        verdict = await one.command("tojax.verify", uri=uri, name="Net")
        assert verdict["status"] == "verified", verdict
        line = below.split("\n").index("class Net(nn.Module):")
        assert any(title.startswith("verified") for title in await _titles(one, uri, line))
        one.change(uri, 3, below.replace("set(1)", "set(2)"))
        assert any(title.startswith("edited since") for title in await _titles(one, uri, line))
        verdict = await one.command("tojax.verify", uri=uri, name="Net")
        assert verdict["status"] == "differs", verdict
