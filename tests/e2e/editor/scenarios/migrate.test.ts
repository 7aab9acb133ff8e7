/** The workspace command: progress, a view of every file, verdicts; and a cancel that cancels. */

import assert from "node:assert/strict";

import { scenario } from "../harness/scenario.ts";
import { until } from "../harness/waiting.ts";
import { BLOCK, DATA, MAIN, NET, slow } from "./sources.ts";

const TITLE = "tojax: Translate Workspace to JAX";

const project = {
    "shop/net.py": NET,
    "shop/block.py": BLOCK,
    "shop/main.py": MAIN,
    "shop/data.py": DATA,
    "shop/notes.txt": "Not code.\n",
};

scenario("a workspace is translated", { files: project, root: "shop" }, async (editor, folder) => {
    await editor.command(TITLE);
    await editor.notification("tojax: translating shop").waitFor();
    const row = (name: string) =>
        editor.page.locator(".pane-body .monaco-list-row", { hasText: name }).first();
    await row("shop").filter({ hasText: "2 verified" }).waitFor();
    for (const name of ["net.py", "block.py"]) {
        await row(name).filter({ hasText: "translated · verified" }).waitFor();
    }
    await row("data.py").filter({ hasText: "copied" }).waitFor();
    await editor.picture("migration");

    assert.match(folder.read("shop_jax/net.py"), /class Net\(nnx\.Module\):/);
    assert.match(folder.read("shop_jax/main.py"), /rngs/);
    assert.equal(folder.read("shop_jax/notes.txt"), "Not code.\n");
    assert.equal(folder.read("shop/net.py"), NET);

    await row("net.py").click();
    await editor.proposed("nnx.Module").waitFor();
});

scenario(
    "a migration that is cancelled stops",
    {
        files: project,
        prepare: (folder) => {
            folder.write("shop/slow.py", slow(folder.at("started")));
        },
        root: "shop",
    },
    async (editor, folder) => {
        await editor.command(TITLE);
        const progress = editor.notification("tojax: translating shop");
        await progress.waitFor();
        const workers = () => editor.server.processes("tojax.lsp.worker migrate");
        const running = await until("the worker", () => {
            const [first] = workers();
            return first;
        });
        await until("the slow code to run", () => folder.has("started"));
        await progress.getByText("Cancel").click();
        await until("the worker to end", () => !workers().includes(running));
        await progress.waitFor({ state: "detached" });
        await editor.page.getByText(/stopped: 0 translated/).waitFor();
        // The editor goes on: the same file is checked, and translated when asked.
        await editor.show("net.py");
        await editor.squiggles("net.py", "info").first().waitFor();
        assert.equal(folder.read("shop/net.py"), NET);
    },
);
