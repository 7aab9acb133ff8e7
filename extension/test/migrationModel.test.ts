import assert from "node:assert/strict";
import { test } from "node:test";

import {
    describeRow,
    fromMigration,
    fromProgress,
    rowIcon,
    stopped,
    summary,
} from "../src/migrationModel";
import type { Migration, Verdict } from "../src/protocol";

const verdict = (status: Verdict["status"]): Verdict => ({
    target: "Net",
    status,
    rung: "jits",
    message: "",
});

test("a running migration shows what each file is at", () => {
    const state = fromProgress({
        folder: "file:///project",
        files: [
            { path: "model.py", status: "translated", verdict: verdict("verified") },
            { path: "data.py", status: "waiting" },
        ],
        done: false,
    });
    assert.deepEqual(state.rows.map(describeRow), ["translated · verified", "waiting"]);
    assert.equal(summary(state), "running: 1 translated, 1 verified, 2 files");
});

test("a finished one shows the worst verdict and what was left", () => {
    const migration = {
        destination: "/project_jax",
        files: [
            {
                path: "model.py",
                state: "partial",
                unresolved: [{}, {}],
                verdicts: [verdict("verified"), verdict("differs")],
            },
            { path: "broken.py", state: "failed", error: "broken.py:3:1: syntax error" },
        ],
    } as unknown as Migration;
    const state = fromMigration("file:///project", migration);
    assert.deepEqual(
        state.rows.map(({ detail }) => detail),
        ["2 left, marked # TODO(tojax)", "broken.py:3:1: syntax error"],
    );
    assert.equal(state.rows[0]?.verdict?.status, "differs");
    assert.equal(summary(state), "1 translated, 0 verified, 2 files");
});

test("one that was cancelled waits for nothing", () => {
    const files = [
        { path: "model.py", status: "checked" },
        { path: "data.py", status: "waiting" },
        { path: "copy.py", status: "copied" },
    ];
    const state = stopped(fromProgress({ folder: "file:///project", files, done: true }));
    assert.deepEqual(state.rows.map(describeRow), ["not finished", "not finished", "copied"]);
    assert.ok(state.rows.every((row) => rowIcon(row).icon !== "sync~spin"));
    assert.equal(summary(state), "stopped: 0 translated, 0 verified, 3 files");
});

test("only what is verified gets the mark of it", () => {
    const icon = (state: string, status?: Verdict["status"]) =>
        rowIcon({ path: "a.py", state, ...(status && { verdict: verdict(status) }) }).icon;
    assert.equal(icon("translated", "verified"), "verified-filled");
    for (const status of ["differs", "unverified", "error", undefined] as const) {
        assert.notEqual(icon("translated", status), "verified-filled");
    }
    assert.equal(icon("failed", "verified"), "error");
});
