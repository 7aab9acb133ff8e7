import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { type Candidates, chooseInterpreter, describeInterpreter, probe } from "../src/interpreter";

const NONE: Candidates = {
    setting: "",
    pythonExtension: undefined,
    trusted: true,
    platform: "linux",
};

test("a setting comes first, then the Python extension, then PATH", () => {
    const extension = { ...NONE, pythonExtension: "/venv/bin/python" };
    assert.equal(chooseInterpreter({ ...extension, setting: "/own/python" }).python, "/own/python");
    assert.equal(chooseInterpreter(extension).python, "/venv/bin/python");
    assert.equal(chooseInterpreter(NONE).python, "python3");
    assert.equal(chooseInterpreter({ ...NONE, platform: "win32" }).python, "python");
});

test("an untrusted workspace does not choose the interpreter", () => {
    const chosen = chooseInterpreter({
        ...NONE,
        pythonExtension: "/workspace/.venv/bin/python",
        trusted: false,
    });
    assert.deepEqual(chosen, { python: "python3", source: "path" });
});

test("it is said which Python was taken, and why", () => {
    const text = describeInterpreter({ python: "/venv/bin/python", source: "pythonExtension" });
    assert.equal(text, "/venv/bin/python (selected in the Python extension)");
});

/** A stand-in for Python that answers as a probe would. */
function python(answer: string): { folder: string; path: string } {
    const folder = mkdtempSync(join(tmpdir(), "interpreter-"));
    const path = join(folder, "python");
    writeFileSync(path, `#!/bin/sh\n${answer}\n`);
    chmodSync(path, 0o755);
    return { folder, path };
}

for (const [answer, expected] of [
    ["echo ready", { state: "ready" }],
    ["echo missing", { state: "missing" }],
    ["echo 'Python 3.9; too old'", { state: "unusable", reason: "Python 3.9; too old" }],
] as const) {
    test(`a Python that answers "${answer}"`, async () => {
        const { folder, path } = python(answer);
        try {
            assert.deepEqual(await probe(path, folder), expected);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
}

test("a Python that is not there is told as such", async () => {
    const found = await probe(join(tmpdir(), "no-such-python"), tmpdir());
    assert.deepEqual(found, { state: "unusable", reason: "not found" });
});

test("a tojax.py where Python runs is not imported", async () => {
    const folder = mkdtempSync(join(tmpdir(), "interpreter-"));
    try {
        const mark = join(folder, "imported");
        writeFileSync(join(folder, "sys.py"), `open(${JSON.stringify(mark)}, "w")`);
        writeFileSync(join(folder, "tojax.py"), `open(${JSON.stringify(mark)}, "w")`);
        const found = await probe("python3", folder);
        assert.notEqual(found.state, "unusable");
        assert.equal(existsSync(mark), false);
    } finally {
        rmSync(folder, { recursive: true });
    }
});
