/** Which Python runs the server, and whether it can. */

import { execFile } from "node:child_process";

export type Source = "setting" | "pythonExtension" | "path";

export interface Interpreter {
    python: string;
    source: Source;
}

export interface Candidates {
    /** The setting `tojax.interpreter`; VS Code withholds a workspace's value until it is trusted. */
    setting: string;
    /** The interpreter selected in the Python extension, if that is installed. */
    pythonExtension: string | undefined;
    trusted: boolean;
    platform: NodeJS.Platform;
}

/**
 * The interpreter to use. A setting was written on purpose and so comes first. The Python extension
 * may have picked one inside the workspace, which counts only in a trusted workspace.
 */
export function chooseInterpreter(candidates: Candidates): Interpreter {
    if (candidates.setting) {
        return { python: candidates.setting, source: "setting" };
    }
    if (candidates.pythonExtension && candidates.trusted) {
        return { python: candidates.pythonExtension, source: "pythonExtension" };
    }
    return { python: candidates.platform === "win32" ? "python" : "python3", source: "path" };
}

/** For people: which Python, and why that one. */
export function describeInterpreter({ python, source }: Interpreter): string {
    const why: Record<Source, string> = {
        setting: "from the setting tojax.interpreter",
        pythonExtension: "selected in the Python extension",
        path: "first on PATH",
    };
    return `${python} (${why[source]})`;
}

/**
 * Environment for every Python that the extension starts: the folder that Python runs in must not
 * be imported from, or a `tojax.py` of the workspace would be executed.
 */
export function safeEnvironment(): NodeJS.ProcessEnv {
    return { ...process.env, PYTHONSAFEPATH: "1" };
}

export type Probe =
    { state: "ready" } | { state: "missing" } | { state: "unusable"; reason: string };

const PROBE = `
import sys
from importlib.util import find_spec
if sys.version_info < (3, 11):
    print("Python %d.%d; tojax needs 3.11 or later" % sys.version_info[:2])
else:
    print("ready" if find_spec("tojax") else "missing")
`;

/** Asks `python` whether it has tojax. `folder` is where it runs; not a workspace. */
export async function probe(python: string, folder: string): Promise<Probe> {
    return new Promise((resolve) => {
        execFile(
            python,
            ["-c", PROBE],
            { cwd: folder, env: safeEnvironment(), timeout: 30_000 },
            (error, output) => {
                resolve(readProbe(error, output.trim()));
            },
        );
    });
}

function readProbe(error: Error | null, answer: string): Probe {
    if (error) {
        const code = "code" in error ? error.code : undefined;
        return {
            state: "unusable",
            reason: code === "ENOENT" ? "not found" : error.message.trim(),
        };
    }
    if (answer === "ready" || answer === "missing") {
        return { state: answer };
    }
    return { state: "unusable", reason: answer };
}
