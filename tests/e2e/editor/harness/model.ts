/** A double of the Ollama server, as a process of its own. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

import { Folder } from "./folder.ts";
import { python } from "./setting.ts";

const REPOSITORY = path.resolve(import.meta.dirname, "../../../..");
const SCRIPT = "tests.e2e.editor.scenarios.model_script:answer";

interface Request {
    path: string;
    disconnected: boolean;
}

export class Model implements AsyncDisposable {
    private constructor(
        readonly host: string,
        private readonly notes: Folder,
        private readonly end: () => Promise<void>,
    ) {}

    static async start(): Promise<Model> {
        const notes = new Folder();
        const double = spawn(
            python,
            ["-m", "tests.model.ollama_double", "--script", SCRIPT, "--record", notes.at("requests")],
            { cwd: REPOSITORY, stdio: ["ignore", "pipe", "inherit"] },
        );
        const [host] = (await once(createInterface(double.stdout), "line")) as [string];
        return new Model(host, notes, async () => {
            const gone = once(double, "exit");
            double.kill();
            await gone;
        });
    }

    /** Requests for text that are over. */
    get chats(): Request[] {
        const lines = this.notes.has("requests") ? this.notes.read("requests").trim() : "";
        return lines
            .split("\n")
            .filter(Boolean)
            .map((line) => JSON.parse(line) as Request)
            .filter((request) => request.path === "/api/chat");
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.end();
        this.notes[Symbol.dispose]();
    }
}
