/** The processes that an editor has started, by what their command line says. */

import { readdirSync, readFileSync } from "node:fs";

function read(pid: string, name: string): string {
    try {
        return readFileSync(`/proc/${pid}/${name}`, "utf8").replaceAll("\0", " ");
    } catch {
        return ""; // it has ended
    }
}

/** Numbers of the processes with `words` in their command line and `home` as their home. */
export function processes(home: string, words: string): number[] {
    return readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .filter((pid) => read(pid, "cmdline").includes(words))
        .filter((pid) => read(pid, "environ").includes(`HOME=${home} `))
        .map(Number);
}
