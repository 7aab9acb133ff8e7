/** A local model in the editor: a draft that was run and repaired, and a cancel that reaches it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Model } from "../harness/model.ts";
import { play } from "../harness/scenario.ts";
import { patience } from "../harness/setting.ts";
import { until } from "../harness/waiting.ts";
import { NET } from "./sources.ts";

const files = { "model.py": NET };

void test("a model's draft is repaired, shown and accepted", { timeout: 5 * patience }, async () => {
    await using model = await Model.start();
    const settings = { "tojax.model.host": model.host };
    await play("model", { files, open: "model.py", settings }, async (editor, folder) => {
        await editor.squiggles("model.py", "info").first().waitFor();
        await editor.token("model.py", "gelu").click();
        await editor.openQuickFixes("Translate file to JAX with the model");
        const titles = await editor.fixes().allInnerTexts();
        assert.equal(titles[0], "Translate to JAX", "the rules come first");
        await editor.takeFix("Translate file to JAX with the model");
        const progress = editor.notification("tojax: translating with the model");
        await progress.filter({ hasText: "reached: runs" }).first().waitFor();
        await editor.proposed("at[:, 0]").waitFor();
        assert.ok(!folder.has("model_jax.py"), "written before it was accepted");
        await editor.picture("model");
        await editor.decide("Accept JAX");
        await until("model_jax.py", () => folder.has("model_jax.py"));
        assert.match(folder.read("model_jax.py"), /at\[:, 0\]/);
        assert.equal(folder.read("model.py"), NET);
        assert.equal(model.chats.length, 2);
        // Verified once more, on its own, after it was accepted.
        await editor.lens(/verified: outputs, gradients/).waitFor();
    });
});

void test("cancelling stops the model's server", { timeout: 5 * patience }, async () => {
    await using model = await Model.start();
    const settings = { "tojax.model.host": model.host, "tojax.model.model": "codellama:7b" };
    await play("model-cancel", { files, open: "model.py", settings }, async (editor, folder) => {
        await editor.squiggles("model.py", "info").first().waitFor();
        await editor.token("model.py", "gelu").click();
        await editor.quickFix("Translate file to JAX with the model");
        const progress = editor.notification("tojax: translating with the model");
        await progress.filter({ hasText: "characters" }).waitFor();
        await progress.getByText("Cancel").click();
        await until("the request's end", () => model.chats.length === 1);
        assert.equal(model.chats[0]?.disconnected, true);
        await progress.waitFor({ state: "detached" });
        assert.ok(!folder.has("model_jax.py"));
        assert.equal(folder.read("model.py"), NET);
    });
});
