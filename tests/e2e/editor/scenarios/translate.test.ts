/** The product in one go: squiggle, hover, quick-fix, diff, accept, file, verdict. */

import assert from "node:assert/strict";

import { scenario } from "../harness/scenario.ts";
import { until } from "../harness/waiting.ts";
import { NET } from "./sources.ts";

const files = { "model.py": NET };

scenario("from a squiggle to a verdict", { files, open: "model.py" }, async (editor, folder) => {
    await editor.squiggles("model.py", "info").first().waitFor();
    await editor.picture("pitfalls");

    const place = editor.token("model.py", "gelu");
    const hover = await editor.hover(place, "TJ131: GELU is exact in PyTorch");
    assert.match(await hover.innerText(), /approximate/);
    await editor.picture("hover");
    await editor.hover(editor.token("model.py", "Linear"), "nnx.Linear");

    await place.click();
    await editor.openQuickFixes("Translate to JAX");
    await editor.picture("quick-fix");
    const titles = await editor.fixes().allInnerTexts();
    assert.equal(titles.filter((title) => title === "Translate to JAX").length, 1);
    assert.ok(titles.includes("Translate Net to JAX"), titles.join());
    assert.ok(titles.some((title) => /^Ignore TJ\d+ here$/.test(title)), titles.join());
    await editor.takeFix("Translate to JAX");

    await editor.proposed("nnx.Module").waitFor();
    assert.ok(!folder.has("model_jax.py"), "written before it was accepted");
    await editor.picture("preview");
    await editor.decide("Accept JAX");

    await until("model_jax.py", () => folder.has("model_jax.py"));
    const written = folder.read("model_jax.py");
    assert.match(written, /class Net\(nnx\.Module\):/);
    assert.match(written, /jax\.nn\.gelu\(self\.hidden\(x\), approximate=False\)/);
    assert.doesNotMatch(written, /torch/);
    assert.equal(folder.read("model.py"), NET);

    const verdict = editor.lens(/verified: outputs, gradients.*PyTorch/);
    await verdict.waitFor();
    await editor.lens(/FLOP/).waitFor();
    await editor.page.keyboard.press("Control+b");
    await editor.page.setViewportSize({ width: 1480, height: 480 });
    await editor.page.mouse.move(600, 400);
    await editor.picture("verdict");
});

scenario("a rejected translation leaves nothing behind", { files, open: "model.py" }, async (editor, folder) => {
    await editor.lens("Translate").click();
    await editor.proposed("nnx.Module").waitFor();
    await editor.decide("Reject");
    await editor.proposed("nnx.Module").waitFor({ state: "detached" });
    await editor.code("model.py").waitFor();
    assert.ok(!folder.has("model_jax.py"));
    assert.equal(folder.read("model.py"), NET);
});
