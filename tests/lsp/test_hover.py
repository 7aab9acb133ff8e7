"""Hover: the page of the pitfall, and what a PyTorch name becomes."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from tests.lsp.session import NET, capabilities, session
from tojax.rules.bugs import load_bugs

pytestmark = pytest.mark.asyncio


async def test_a_pitfall_shows_its_page(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET)
        page = await one.hover(uri, 11, 9)
        bug = next(bug for bug in load_bugs() if bug.code == "TJ101")
        assert page.startswith(f"**TJ101: {bug.title}**\n\n{bug.why}")
        for title, code in (("PyTorch", bug.pytorch), ("Fixed JAX", bug.fixed_jax)):
            assert f"**{title}**\n\n```python\n{code}```" in page


async def test_a_pytorch_call_shows_what_it_becomes(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET)
        page = await one.hover(uri, 12, 18)  # torch.relu
        assert page.startswith("**torch.relu**")
        assert "torch.relu(input)\n# becomes\njax.nn.relu(input)\n```" in page
        assert "nnx.Linear" in await one.hover(uri, 7, 21)


async def test_a_client_that_shows_plain_text_gets_plain_text(tmp_path: Path) -> None:
    plain = types.HoverClientCapabilities(content_format=[types.MarkupKind.PlainText])
    async with session(tmp_path, can=capabilities(hover=plain)) as one:
        uri = one.open("net.py", NET)
        params = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(11, 9))
        found = await one.client.text_document_hover_async(params)
        assert found is not None and isinstance(found.contents, types.MarkupContent)
        assert found.contents.kind == types.MarkupKind.PlainText
        bug = next(bug for bug in load_bugs() if bug.code == "TJ101")
        page = found.contents.value
        assert page.startswith(f"TJ101: {bug.title}\n\n{bug.why}")
        assert f"\n\nPyTorch\n\n{bug.pytorch}\n" in page
        assert "```" not in page


async def test_an_in_place_method_shows_the_page_of_the_other(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        text = "import torch\nx = torch.ones(3)\nx.add_(1)\n"
        uri = one.open("a.py", text)
        page = await one.hover(uri, 2, 3)
        assert "torch.Tensor.add_" in page and "torch.Tensor.add`" in page


async def test_other_code_shows_nothing(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET)
        assert await one.hover(uri, 3, 0) == ""
        assert await one.hover(uri, 6, 8) == ""
        plain = one.open("plain.py", "import numpy as np\nnp.ones(3)\n")
        assert await one.hover(plain, 1, 4) == ""


async def test_hover_follows_edits(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET)
        one.change(uri, 2, (0, 0, 0, 0, "\n\n"))
        assert "jax.nn.relu" in await one.hover(uri, 14, 18)
