/** What the extension and the server say to each other beyond LSP. */

/** Arguments of commands about one document: `name` is a qualified definition (`Net.forward`). */
export interface Target {
    uri: string;
    name?: string;
    version?: number;
}

/** Argument of `tojax.draft`, which asks a model. */
export interface DraftTarget extends Target {
    /** The JAX version that is there is repaired, not written anew. */
    repair?: boolean;
}

/** Answer to `tojax.translate` and `tojax.draft`: the whole text that `target` would have. */
export interface TranslateResult {
    uri: string;
    version: number;
    text: string;
    target: string;
    unresolved: { code: string; name: string; reason: string }[];
    rules: string[];
    /** Of a draft: what running it has shown, and how it went. */
    verdict?: Verdict | null;
    note?: string;
}

/** Answer to `tojax.model`. */
export interface ModelInfo {
    models: string[];
    hosts: string[];
}

export interface Verdict {
    target: string;
    status: "verified" | "differs" | "unverified" | "error";
    rung: string;
    message?: string;
    torch_seconds?: number | null;
    jax_seconds?: number | null;
    unreached?: string[];
}

/** One file of a running or finished migration; `path` is relative to the folder. */
export interface MigrationFile {
    path: string;
    status: string;
    verdict?: Verdict | null;
}

/** Notification `tojax/migration`. */
export interface MigrationProgress {
    folder: string;
    files: MigrationFile[];
    done: boolean;
}

/** Answer to `tojax.translateWorkspace`. */
export interface Migration {
    source: string;
    destination: string;
    files: {
        path: string;
        state: "translated" | "partial" | "copied" | "failed";
        unresolved?: unknown[];
        verdicts?: Verdict[];
        error?: string | null;
    }[];
}

export type IrForm = "jaxpr" | "stablehlo" | "hlo";
/** What is shown as a read-only document. */
export type Form = IrForm | "prompt";

export const command = {
    translate: "tojax.translate",
    verify: "tojax.verify",
    translateWorkspace: "tojax.translateWorkspace",
    openJax: "tojax.openJax",
    ir: "tojax.ir",
    draft: "tojax.draft",
    prompt: "tojax.prompt",
    model: "tojax.model",
} as const;

/** Commands that take a while, and so are shown and can be cancelled. */
export const LONG: ReadonlySet<string> = new Set([
    command.verify,
    command.translateWorkspace,
    command.draft,
]);

export const notification = {
    trust: "tojax/trust",
    accepted: "tojax/accepted",
    migration: "tojax/migration",
} as const;
