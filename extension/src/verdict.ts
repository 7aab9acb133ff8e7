/** Verdicts in a few words. */

import type { Verdict } from "./protocol";

const STRENGTH: Record<Verdict["status"], number> = {
    error: 0,
    differs: 1,
    unverified: 2,
    verified: 3,
};

/** The verdict that matters most: the worst one. */
export function worst(verdicts: readonly Verdict[]): Verdict | undefined {
    const left = (verdict: Verdict) => verdict.unreached?.length ?? 0;
    return [...verdicts].sort(
        (a, b) => STRENGTH[a.status] - STRENGTH[b.status] || left(b) - left(a),
    )[0];
}

export function describeVerdict(verdict: Verdict): string {
    const speed = speedup(verdict);
    switch (verdict.status) {
        case "verified":
            return ["verified", speed, unreached(verdict) && "in part not run"]
                .filter(Boolean)
                .join(", ");
        case "differs":
            return `differs after “${verdict.rung}”`;
        case "unverified":
            return "not verified";
        case "error":
            return "could not be verified";
    }
}

/** What no run reached, of which a verdict says nothing. */
export function unreached({ unreached: places = [] }: Verdict): string | undefined {
    return places.length > 0 ? `not run: ${places.join(", ")}` : undefined;
}

function speedup({ torch_seconds: torch, jax_seconds: jax }: Verdict): string | undefined {
    if (!torch || !jax) return undefined;
    const ratio = torch / jax;
    return `${ratio < 10 ? Number(ratio.toPrecision(2)) : Math.round(ratio)}× PyTorch`;
}
