/** code-server, on a port of its own and with nothing of the user's in it. */

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

import { Folder } from "./folder.ts";
import { processes } from "./processes.ts";
import { codeServer, extensions, python } from "./setting.ts";
import { until } from "./waiting.ts";

export interface ServerOptions {
    /** VS Code's user settings beside the usual ones. */
    settings?: Record<string, unknown>;
    /** Ask for trust as VS Code does; otherwise everything is trusted. */
    askForTrust?: boolean;
}

const QUIET = {
    "editor.minimap.enabled": false,
    "extensions.autoUpdate": false,
    "extensions.ignoreRecommendations": true,
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "window.commandCenter": false,
    "workbench.colorTheme": "Default Dark Modern",
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": false,
};

export class CodeServer implements AsyncDisposable {
    private log = "";

    private constructor(
        readonly port: number,
        readonly home: Folder,
        private readonly process: ChildProcess,
    ) {
        for (const stream of [process.stdout, process.stderr]) {
            stream?.on("data", (data: Buffer) => (this.log += data.toString()));
        }
    }

    static async start({ settings = {}, askForTrust = false }: ServerOptions = {}): Promise<CodeServer> {
        const home = new Folder();
        const all = {
            ...QUIET,
            "security.workspace.trust.enabled": askForTrust,
            "tojax.interpreter": python,
            ...settings,
        };
        home.write("data/User/settings.json", JSON.stringify(all, null, 2));
        const port = await freePort();
        const child = spawn(process.execPath, [codeServer, ...options(port, home)], {
            env: { ...process.env, HOME: home.root, XDG_CONFIG_HOME: "", XDG_DATA_HOME: "" },
            stdio: ["ignore", "pipe", "pipe"],
            // A group of its own: its extension hosts end with it.
            detached: true,
        });
        const server = new CodeServer(port, home, child);
        await until("code-server", () => server.answers()).catch((error: unknown) => {
            throw new Error(`${String(error)}\n${server.log}`);
        });
        return server;
    }

    private async answers(): Promise<boolean> {
        const answer = await fetch(`http://127.0.0.1:${this.port}/healthz`).catch(() => undefined);
        return answer?.ok ?? false;
    }

    /** The processes of this editor with `words` in their command line. */
    processes(words: string): number[] {
        return processes(this.home.root, words);
    }

    async [Symbol.asyncDispose](): Promise<void> {
        const gone = once(this.process, "exit");
        kill(this.process, "SIGTERM");
        const late = setTimeout(() => kill(this.process, "SIGKILL"), 10_000);
        await gone;
        clearTimeout(late);
        kill(this.process, "SIGKILL");
        this.home[Symbol.dispose]();
    }
}

function options(port: number, home: Folder): string[] {
    return [
        ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`],
        ...["--user-data-dir", home.at("data"), "--extensions-dir", extensions],
        ...["--config", home.at("config.yaml")],
        "--disable-telemetry",
        "--disable-update-check",
        "--disable-proxy",
        "--disable-getting-started-override",
        "--ignore-last-opened",
    ];
}

/** Signals a process and all of its group, if any of it is left. */
function kill(child: ChildProcess, signal: NodeJS.Signals): void {
    try {
        process.kill(-child.pid!, signal);
    } catch {
        // gone already
    }
}

async function freePort(): Promise<number> {
    const probe = createServer().listen(0, "127.0.0.1");
    await once(probe, "listening");
    const { port } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, "close");
    return port;
}
