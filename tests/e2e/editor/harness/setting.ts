/** Where things are: given by run.sh. */

import path from "node:path";

function required(name: string): string {
    const value = process.env[name];
    if (!value) {
        throw new Error(`${name} is not set; start the tests with run.sh`);
    }
    return value;
}

/** Python that has tojax. */
export const python = required("TOJAX_PYTHON");
/** Folder with the extension installed in it. */
export const extensions = required("TOJAX_EXTENSIONS");
/** code-server's entry point. */
export const codeServer = path.join(
    required("TOJAX_CODE_SERVER"),
    "node_modules/code-server/out/node/entry.js",
);
/** Where screenshots go. */
export const screenshots = required("TOJAX_SCREENSHOTS");
/** How long to wait for anything: generous, because machines are shared. */
export const patience = Number(process.env["TOJAX_PATIENCE"] ?? 120_000);
