/** Waiting for conditions. */

import { setTimeout as sleep } from "node:timers/promises";

import { patience } from "./setting.ts";

/** Asks until the answer is neither undefined nor false; says `what` when it takes too long. */
export async function until<T>(
    what: string,
    ask: () => Promise<T | undefined | false> | T | undefined | false,
    limit = patience,
): Promise<T> {
    const end = Date.now() + limit;
    for (;;) {
        const answer = await ask();
        if (answer !== undefined && answer !== false) {
            return answer;
        }
        if (Date.now() > end) {
            throw new Error(`waited ${limit / 1000} s for ${what}`);
        }
        await sleep(100);
    }
}
