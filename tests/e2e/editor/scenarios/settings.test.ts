/** Settings are followed while the server runs. */

import assert from "node:assert/strict";

import { scenario } from "../harness/scenario.ts";
import { until } from "../harness/waiting.ts";
import { NET } from "./sources.ts";

scenario("settings change without a restart", { files: { "model.py": NET, ".vscode/settings.json": "{}" }, open: "model.py" }, async (editor, folder) => {
    await until("two pitfalls", async () => (await editor.problems()) === 2);
    const change = (settings: Record<string, unknown>) => {
        folder.write(".vscode/settings.json", JSON.stringify(settings));
    };
    const servers = () => editor.server.processes("-m tojax serve");
    const before = servers();
    assert.equal(before.length, 1);
    await editor.lens("Translate").waitFor();

    change({ "tojax.ignore": ["TJ131"] });
    await until("one pitfall", async () => (await editor.problems()) === 1);
    change({ "tojax.ignore": [] });
    await until("two pitfalls again", async () => (await editor.problems()) === 2);

    change({ "tojax.lens.enabled": false });
    await editor.lens("Translate").waitFor({ state: "detached" });
    change({ "tojax.lens.enabled": true });

    change({ "tojax.output": "inPlace", "tojax.verify.automatic": false });
    await editor.lens("Translate").click();
    await editor.proposed("nnx.Module").waitFor();
    await editor.decide("Accept JAX");
    await until("the file to change", () => folder.read("model.py").includes("nnx.Module"));
    assert.doesNotMatch(folder.read("model.py"), /torch/);
    assert.ok(!folder.has("model_jax.py"));

    change({ "tojax.output": "elsewhere" });
    await editor.notification(/tojax\.output/).first().waitFor();
    assert.deepEqual(servers(), before);
});
