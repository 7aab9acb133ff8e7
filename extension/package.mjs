// Builds and packs the extension into tojax.vsix, with the repository's licence.
import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";

copyFileSync("../LICENSE", "LICENSE");
execFileSync(process.execPath, ["esbuild.mjs"], { stdio: "inherit" });
execFileSync(
    process.execPath,
    [
        "node_modules/@vscode/vsce/vsce",
        "package",
        "--no-dependencies",
        "--allow-missing-repository",
        "--no-rewrite-relative-links",
        "--out",
        "tojax.vsix",
    ],
    { stdio: "inherit" },
);
