/** Throw-away folders with files in them. */

import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

export class Folder implements Disposable {
    private readonly own = mkdtempSync(path.join(os.tmpdir(), "tojax-editor-"));
    readonly root = path.join(this.own, "project");

    constructor(files: Record<string, string> = {}) {
        mkdirSync(this.root);
        for (const [name, text] of Object.entries(files)) {
            this.write(name, text);
        }
    }

    at(name: string): string {
        return path.join(this.root, name);
    }

    write(name: string, text: string, mode = 0o644): void {
        mkdirSync(path.dirname(this.at(name)), { recursive: true });
        writeFileSync(this.at(name), text, { mode });
    }

    has(name: string): boolean {
        return existsSync(this.at(name));
    }

    read(name: string): string {
        return readFileSync(this.at(name), "utf8");
    }

    [Symbol.dispose](): void {
        rmSync(this.own, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
}
