/** What the Migration view knows, apart from how VS Code shows it. */

import type { Migration, MigrationFile, MigrationProgress, Verdict } from "./protocol";
import { describeVerdict, worst } from "./verdict";

export interface Row {
    path: string;
    state: string;
    verdict?: Verdict;
    /** What went wrong, or what was left. */
    detail?: string;
}

export interface FolderState {
    folder: string;
    /** Where the JAX version is; known once it is complete. */
    destination?: string;
    rows: Row[];
    done: boolean;
    /** It was cancelled or has failed. */
    stopped?: boolean;
}

const FINAL: ReadonlySet<string> = new Set(["translated", "partial", "copied", "failed"]);
const UNFINISHED = "not finished";

/** What a notification says. */
export function fromProgress(progress: MigrationProgress): FolderState {
    return {
        folder: progress.folder,
        rows: progress.files.map(({ path, status, verdict }: MigrationFile) => ({
            path,
            state: status,
            ...(verdict && { verdict }),
        })),
        done: progress.done,
    };
}

/** What the finished migration says. `folder` is the URI that was asked for. */
export function fromMigration(folder: string, migration: Migration): FolderState {
    return {
        folder,
        destination: migration.destination,
        rows: migration.files.map((file) => {
            const verdict = worst(file.verdicts ?? []);
            const left = file.unresolved?.length ?? 0;
            const detail = file.error ?? (left ? `${left} left, marked # TODO(tojax)` : undefined);
            return {
                path: file.path,
                state: file.state,
                ...(verdict && { verdict }),
                ...(detail && { detail }),
            };
        }),
        done: true,
    };
}

/** A migration that was cancelled or has failed: nothing of it runs or will. */
export function stopped(state: FolderState): FolderState {
    return {
        ...state,
        done: true,
        stopped: true,
        rows: state.rows.map((row) => (FINAL.has(row.state) ? row : { ...row, state: UNFINISHED })),
    };
}

/** The words after the file's name. */
export function describeRow({ state, verdict }: Row): string {
    return verdict ? `${state} · ${describeVerdict(verdict)}` : state;
}

/** The icon (a codicon) and its colour, by what a person should look at first. */
export function rowIcon({ state, verdict }: Row): { icon: string; colour?: string } {
    if (state === "failed" || verdict?.status === "error") {
        return { icon: "error", colour: "testing.iconFailed" };
    }
    if (verdict?.status === "differs") {
        return { icon: "warning", colour: "problemsWarningIcon.foreground" };
    }
    if (verdict?.status === "verified") {
        return { icon: "verified-filled", colour: "testing.iconPassed" };
    }
    switch (state) {
        case "translated":
            return { icon: "check" };
        case "partial":
            return { icon: "warning", colour: "problemsWarningIcon.foreground" };
        case "copied":
            return { icon: "file" };
        case "pending":
        case "waiting":
        case UNFINISHED:
            return { icon: "circle-outline" };
        default:
            return { icon: "sync~spin" };
    }
}

/** One line about the whole folder. */
export function summary({ rows, done, stopped: isStopped }: FolderState): string {
    const count = (wanted: (row: Row) => boolean) => rows.filter(wanted).length;
    const verified = count(({ verdict }) => verdict?.status === "verified");
    const translated = count(({ state }) => state === "translated" || state === "partial");
    const files = rows.length === 1 ? "1 file" : `${rows.length} files`;
    const text = `${translated} translated, ${verified} verified, ${files}`;
    if (isStopped) {
        return `stopped: ${text}`;
    }
    return done ? text : `running: ${text}`;
}
