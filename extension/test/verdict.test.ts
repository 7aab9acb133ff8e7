import assert from "node:assert/strict";
import { test } from "node:test";

import type { Verdict } from "../src/protocol";
import { describeVerdict, unreached, worst } from "../src/verdict";

const verdict = (status: Verdict["status"], more: Partial<Verdict> = {}): Verdict => ({
    target: "Net",
    status,
    rung: "outputs match",
    message: "",
    ...more,
});

test("a verified translation tells its speed where both were timed", () => {
    assert.equal(describeVerdict(verdict("verified")), "verified");
    const timed = verdict("verified", { torch_seconds: 0.9, jax_seconds: 0.5 });
    assert.equal(describeVerdict(timed), "verified, 1.8× PyTorch");
});

test("a slow translation and a very fast one tell their speed too", () => {
    const text = (torch: number, jax: number): string =>
        describeVerdict(verdict("verified", { torch_seconds: torch, jax_seconds: jax }));
    assert.equal(text(0.03, 1), "verified, 0.03× PyTorch");
    assert.equal(text(0.0456, 1), "verified, 0.046× PyTorch");
    assert.equal(text(123.4, 1), "verified, 123× PyTorch");
});

test("a verified translation of which not everything ran says so", () => {
    const partly = verdict("verified", { unreached: ["Net.sample", "line 12"] });
    assert.equal(describeVerdict(partly), "verified, in part not run");
    assert.equal(unreached(partly), "not run: Net.sample, line 12");
    assert.equal(unreached(verdict("verified", { unreached: [] })), undefined);
});

test("what is not verified never reads as if it were", () => {
    for (const status of ["differs", "unverified", "error"] as const) {
        const text = describeVerdict(verdict(status, { torch_seconds: 1, jax_seconds: 1 }));
        assert.doesNotMatch(text, /^verified/);
        assert.doesNotMatch(text, /× PyTorch/);
    }
});

test("the worst of several verdicts counts", () => {
    const all = [verdict("verified"), verdict("unverified"), verdict("differs")];
    assert.equal(worst(all)?.status, "differs");
    const partly = verdict("verified", { unreached: ["line 12"] });
    assert.equal(worst([verdict("verified"), partly]), partly);
    assert.equal(worst([]), undefined);
});
