/** The same server in Neovim: nothing in it is made for VS Code alone. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";

import { Folder } from "../harness/folder.ts";
import { patience } from "../harness/setting.ts";
import { NET } from "../scenarios/sources.ts";

const SCRIPT = path.join(import.meta.dirname, "scenario.lua");

void test("diagnostics, hover, code action, rename", { timeout: 5 * patience }, () => {
    using folder = new Folder();
    // A character outside of the basic plane, where columns of editors and Python part.
    folder.write("model.py", NET.replace("x = F.gelu(self.hidden(x))", '_, x = "😀", F.gelu(self.hidden(x))'));
    using home = new Folder();
    const run = `lua local ok, why = pcall(dofile, [[${SCRIPT}]])
        if not ok then io.stderr:write(why) vim.cmd("cquit") end`.replaceAll("\n", " ");
    const ran = spawnSync("nvim", ["--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", run, "-c", "quitall!"], {
        env: {
            ...process.env,
            HOME: home.root,
            TOJAX_FOLDER: folder.root,
            TOJAX_PATIENCE: String(patience),
        },
        encoding: "utf8",
        timeout: 4 * patience,
    });
    assert.equal(ran.status, 0, `${ran.stdout}\n${ran.stderr}`);
    assert.match(folder.read("renamed.py"), /class Net\(nnx\.Module\):/);
});
