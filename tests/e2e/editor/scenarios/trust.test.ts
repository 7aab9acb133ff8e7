/** A workspace that nobody trusts: everything that reads works, nothing is executed. */

import assert from "node:assert/strict";

import { python } from "../harness/setting.ts";
import { scenario } from "../harness/scenario.ts";
import { until } from "../harness/waiting.ts";
import { leavingMark, NET } from "./sources.ts";

scenario(
    "nothing is executed before trust is given",
    {
        files: {
            "model.py": NET,
            "tojax.py": leavingMark("imported-tojax"),
            "torch.py": leavingMark("imported-torch"),
            "sitecustomize.py": leavingMark("imported-sitecustomize"),
        },
        // It asks for an interpreter of its own, which leaves a mark when it runs.
        prepare: (folder) => {
            const script = `#!/bin/sh\ntouch ${folder.at("own-interpreter")}\nexec ${python} "$@"\n`;
            folder.write("own-python", script, 0o755);
            const settings = { "tojax.interpreter": folder.at("own-python") };
            folder.write(".vscode/settings.json", JSON.stringify(settings));
        },
        open: "model.py",
        askForTrust: true,
    },
    async (editor, folder) => {
        const marks = () =>
            ["imported-tojax", "imported-torch", "imported-sitecustomize", "own-interpreter"].filter((name) =>
                folder.has(name),
            );

        await editor.page.getByRole("button", { name: /No, I don't trust/ }).click();
        await editor.squiggles("model.py", "info").first().waitFor();
        await editor.hover(editor.token("model.py", "gelu"), "TJ");

        await editor.token("model.py", "gelu").click();
        await editor.quickFix("Translate to JAX");
        await editor.proposed("nnx.Module").waitFor();
        await editor.decide("Accept JAX");
        await until("model_jax.py", () => folder.has("model_jax.py"));

        await until("a refusal", async () => {
            await editor.lens("Verify").click();
            return editor.appears(editor.notification("the workspace is not trusted"));
        });
        assert.deepEqual(editor.server.processes("tojax.lsp.worker verify"), []);
        assert.equal(await editor.lens(/verified/).count(), 0);
        await editor.picture("untrusted");
        assert.deepEqual(marks(), []);

        await editor.command("Workspaces: Manage Workspace Trust");
        await editor.page.getByRole("button", { name: "Trust", exact: true }).click();
        await until("the workspace's own interpreter", () => folder.has("own-interpreter"));
        await editor.show("model.py");
        // A click in the moment in which the one server has ended and the other not begun is lost;
        // after another the lens gives way to the verdict.
        await until("verification", async () => {
            if ((await editor.lens("Verify").count()) > 0) {
                await editor.lens("Verify").click();
            }
            const verifying = editor.notification("tojax: verifying Net");
            return editor.appears(verifying.or(editor.lens(/verified: outputs/)).first());
        });
        await editor.lens(/verified: outputs/).waitFor();
        assert.deepEqual(marks(), ["own-interpreter"]);
    },
);
