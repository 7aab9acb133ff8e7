import assert from "node:assert/strict";

import { scenario } from "../harness/scenario.ts";
import { NET } from "./sources.ts";

scenario(
    "a pitfall is underlined",
    { files: { "model.py": NET }, open: "model.py" },
    async (editor) => {
        await editor.squiggles("model.py").first().waitFor();
        await editor.picture("squiggle");
        assert.ok(true);
    },
);
