"""Notebooks: cells as one source, edits for each."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from tests.lsp.session import Session, capabilities, session
from tojax.lsp.notebook_cells import rewrite_cells
from tojax.lsp.units import MAGIC, python_lines

CELLS = [
    "%matplotlib inline\nimport torch\nfrom torch import nn",
    "!pip list\nclass Net(nn.Module):\n    def forward(self, x):\n        y = x * 2\n"
    "        y[0] = 1\n        return torch.relu(y)",
    "%%bash\necho $HOME",
    "net = Net()\nfiles = !ls",
]


def _open(one: Session, cells: list[str]) -> tuple[str, list[str]]:
    notebook = one.uri("a.ipynb")
    uris = [f"vscode-notebook-cell:{notebook.partition(':')[2]}#{n}" for n in range(len(cells))]
    items = [
        types.TextDocumentItem(uri, types.LanguageKind.Python, 1, text)
        for uri, text in zip(uris, cells, strict=True)
    ]
    kinds = [types.NotebookCell(types.NotebookCellKind.Code, uri) for uri in uris]
    one.client.notebook_document_did_open(
        types.DidOpenNotebookDocumentParams(
            types.NotebookDocument(notebook, "jupyter-notebook", 1, kinds), items
        )
    )
    one._texts.update(zip(uris, cells, strict=True))
    return notebook, uris


def _change(one: Session, notebook: str, uri: str, version: int, text: str) -> None:
    content = types.NotebookDocumentCellContentChanges(
        types.VersionedTextDocumentIdentifier(version, uri),
        [types.TextDocumentContentChangeWholeDocument(text)],
    )
    cells = types.NotebookDocumentCellChanges(text_content=[content])
    one.client.notebook_document_did_change(
        types.DidChangeNotebookDocumentParams(
            types.VersionedNotebookDocumentIdentifier(version, notebook),
            types.NotebookDocumentChangeEvent(cells=cells),
        )
    )


@pytest.mark.asyncio
async def test_findings_stand_in_their_cells(tmp_path: Path) -> None:
    async with session(tmp_path, can=capabilities()) as one:
        notebook, uris = _open(one, CELLS)
        found = [await one.pushed(uri) for uri in uris]
        assert [(d.code, d.range.start.line, d.range.start.character) for d in found[1]] == [
            ("TJ101", 4, 8)
        ]
        assert found[0] == found[2] == found[3] == []
        assert "jax.nn.relu" in await one.hover(uris[1], 5, 18)
        _change(one, notebook, uris[1], 2, f"# moved\n{CELLS[1]}")
        moved = await one.pushed(uris[1], 2)
        assert [(d.code, d.range.start.line) for d in moved] == [("TJ101", 5)]


@pytest.mark.asyncio
async def test_a_notebook_is_translated_cell_by_cell(tmp_path: Path) -> None:
    async with session(tmp_path, can=capabilities()) as one:
        _, uris = _open(one, CELLS)
        actions = await one.actions(uris[1], 4, 9)
        edit = (await one.resolve(actions["Translate notebook to JAX"])).edit
        assert edit is not None
        touched = [c.text_document.uri for c in edit.document_changes or []]  # type: ignore[union-attr]
        assert set(touched) == {uris[0], uris[1]}
        one.apply(edit)
        first, second = one.text(uris[0]), one.text(uris[1])
        assert first.startswith("%matplotlib inline\n") and "from flax import nnx" in first
        assert "torch" not in first
        assert second.startswith("!pip list\n") and "y = y.at[0].set(1)" in second
        assert one.text(uris[3]) == CELLS[3]


@pytest.mark.asyncio
async def test_one_cell_brings_what_it_needs(tmp_path: Path) -> None:
    async with session(tmp_path, can=capabilities()) as one:
        _, uris = _open(one, CELLS)
        actions = await one.actions(uris[1], 4, 9)
        edit = (await one.resolve(actions["Translate cell to JAX"])).edit
        assert edit is not None
        one.apply(edit)
        assert [one.text(uri) for uri in (uris[0], uris[2], uris[3])] == [
            CELLS[0],
            CELLS[2],
            CELLS[3],
        ]
        text = one.text(uris[1])
        assert "from flax import nnx" in text and "!pip list\n" in text and "y.at[0]" in text


@pytest.mark.asyncio
async def test_the_magic_of_a_cell_stays_on_top_of_it(tmp_path: Path) -> None:
    async with session(tmp_path, can=capabilities()) as one:
        _, uris = _open(one, ["import torch", "%%time\nx = torch.ones(3)\n%pip list"])
        made = await one.command("tojax.translate", uri=uris[1])
        assert made["text"] == "%%time\nimport jax.numpy as jnp\n\nx = jnp.ones(3)\n%pip list"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("def f(x):\n    return x.relu()", "import jax\n\n\ndef f(x):\n    return jax.nn.relu(x)"),
        ("# of ones\ny = torch.ones(2)", "import jax.numpy as jnp\n\n# of ones\ny = jnp.ones(2)"),
        ("# nothing yet", "# nothing yet"),
        ("import math\ny = torch.ones(2)", "import jax.numpy as jnp\nimport math\ny = jnp.ones(2)"),
    ],
)
def test_the_imports_of_one_cell_stand_apart_as_in_a_file(cell: str, expected: str) -> None:
    texts, _ = rewrite_cells(["import torch", cell], only=1)
    assert texts == ["import torch", expected]


@pytest.mark.asyncio
async def test_cells_have_lenses(tmp_path: Path) -> None:
    async with session(tmp_path, can=capabilities()) as one:
        _, uris = _open(one, CELLS)
        assert [title for _, title in await one.lenses(uris[0])] == ["Translate", "Verify"]
        assert (1, "Verify") in await one.lenses(uris[1])
        assert await one.lenses(uris[2]) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("%timeit f(x)", f"{MAGIC}(0, 0)"),
        ("    !ls -l", f"    {MAGIC}(0, 0)"),
        ("files = !ls", f"files = {MAGIC}(0, 0)"),
        ("torch.sum?", f"{MAGIC}(0, 0)"),
        ("     % b)", "     % b)"),
        ("     != b)", "     != b)"),
        ("# what?", "# what?"),
        ("x = y % z", "x = y % z"),
    ],
)
def test_magics_become_calls(line: str, expected: str) -> None:
    assert python_lines([line]) == [expected]
