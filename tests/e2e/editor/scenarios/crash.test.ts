/** A server that dies is started again, and what it knew is back. */

import { kill } from "node:process";

import { scenario } from "../harness/scenario.ts";
import { until } from "../harness/waiting.ts";
import { NET } from "./sources.ts";

scenario("a killed server comes back", { files: { "model.py": NET }, open: "model.py" }, async (editor) => {
    await editor.squiggles("model.py", "info").first().waitFor();
    const servers = () => editor.server.processes("-m tojax serve");
    const first = await until("the server", () => servers()[0]);
    kill(first, "SIGKILL");
    await until("another server", () => servers().some((pid) => pid !== first));
    await editor.squiggles("model.py", "info").first().waitFor();
    // Not left from before: the new server sees a new pitfall.
    await editor.type("model.py", "return scores", "scores[:, 1] = 1.0");
    await until("three pitfalls", async () => (await editor.problems()) === 3);

    const second = await until("the server", () => servers().find((pid) => pid !== first));
    await editor.command("tojax: Restart Server");
    await until("a third server", () => servers().some((pid) => pid !== first && pid !== second));
    await until("three pitfalls", async () => (await editor.problems()) === 3);
});
