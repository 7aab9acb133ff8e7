/** A notebook: pitfalls in cells, and a cell that is translated where it stands. */

import assert from "node:assert/strict";

import { scenario } from "../harness/scenario.ts";
import { until } from "../harness/waiting.ts";
import { NET, notebook } from "./sources.ts";

const CELLS = [
    "%matplotlib inline\nimport torch\nimport torch.nn.functional as F",
    "def score(x: torch.Tensor) -> torch.Tensor:\n    return F.gelu(x).sum(1)",
    "values = [1, 2, 3]\nprint(values)",
];

scenario(
    "a cell is translated",
    { files: { "model.py": NET, "work.ipynb": notebook(CELLS) }, open: "model.py" },
    async (editor, folder) => {
        // Notebooks open as such once VS Code's own extensions are loaded.
        await editor.squiggles("model.py", "info").first().waitFor();
        await editor.show("work.ipynb");
        const cell = editor.page.locator(".notebookOverlay .monaco-list-row.code-cell-row", { hasText: "def score" });
        await cell.locator(".squiggly-info").first().waitFor();
        await cell.locator(".view-line span span", { hasText: "gelu" }).last().click();
        await editor.quickFix("Translate cell to JAX");
        await editor.proposed("approximate=False").waitFor();
        await editor.page.locator(".tab.active", { hasText: "work.ipynb, cell 2: PyTorch ↔ JAX" }).waitFor();
        await editor.picture("notebook");
        assert.equal(await editor.page.locator(".monaco-diff-editor .squiggly-error").count(), 0);
        await editor.decide("Accept JAX");
        await cell.locator(".view-line", { hasText: "approximate=False" }).waitFor();
        await editor.page.keyboard.press("Control+s");
        const sources = () => {
            const text = folder.read("work.ipynb") || '{"cells": []}'; // empty while it is being saved
            const { cells } = JSON.parse(text) as { cells: { source: string[] }[] };
            return cells.map(({ source }) => source.join(""));
        };
        await until("the saved notebook", () => sources()[1]?.includes("jax.nn.gelu"));
        assert.equal(sources().length, 3);
        assert.equal(sources()[0], CELLS[0]);
        assert.equal(sources()[2], CELLS[2]);
    },
);
