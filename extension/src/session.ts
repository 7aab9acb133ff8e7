/** The running server: started, restarted, and asked. */

import * as vscode from "vscode";
import { ExecuteCommandRequest, State } from "vscode-languageclient/node";
import type { GenericNotificationHandler, LanguageClient } from "vscode-languageclient/node";

import { createClient } from "./client";
import { chooseInterpreter, describeInterpreter, probe } from "./interpreter";
import type { Interpreter } from "./interpreter";
import { selectedInterpreter } from "./pythonExtension";
import { work } from "./work";

export type Health =
    | { state: "starting" }
    | { state: "running"; version: string }
    | { state: "missing" }
    | { state: "failed"; reason: string };

export class Session implements vscode.Disposable {
    interpreter: Interpreter | undefined;
    private client: LanguageClient | undefined;
    private current: Health = { state: "starting" };
    private readonly handlers: [string, GenericNotificationHandler][] = [];
    private readonly healthChanged = new vscode.EventEmitter<Health>();
    readonly onHealth = this.healthChanged.event;
    /** Starts and stops, one after the other. */
    private queue: Promise<void> = Promise.resolve();

    constructor(
        private readonly folder: string,
        private readonly output: vscode.LogOutputChannel,
    ) {}

    get health(): Health {
        return this.current;
    }

    /** Calls `handler` for each notification `method`, of this server and of those after a restart. */
    onNotification(method: string, handler: GenericNotificationHandler): void {
        this.handlers.push([method, handler]);
    }

    /** Starts the server, after stopping the one that runs. */
    async restart(): Promise<void> {
        this.queue = this.queue.then(async () => {
            await this.stop();
            await this.start();
        });
        return this.queue;
    }

    /** Starts another server if another interpreter was chosen meanwhile; says whether it did. */
    async follow(): Promise<boolean> {
        const chosen = await choose();
        if (chosen.python === this.interpreter?.python) {
            return false;
        }
        await this.restart();
        return true;
    }

    /** Runs a command of the server; waits for a server that is starting. */
    async execute<T>(command: string, argument: object, token?: vscode.CancellationToken): Promise<T> {
        const client = await this.running();
        return client.sendRequest(
            ExecuteCommandRequest.type,
            { command, arguments: [argument] },
            token,
        ) as Promise<T>;
    }

    /** Runs a command that takes a while; undefined if it was cancelled. */
    async work<T>(command: string, argument: object): Promise<T | undefined> {
        return work<T>(await this.running(), command, argument);
    }

    async notify(method: string, params: object): Promise<void> {
        const client = await this.running();
        await client.sendNotification(method, params);
    }

    dispose(): void {
        void this.stop();
        this.healthChanged.dispose();
    }

    private async running(): Promise<LanguageClient> {
        await this.queue;
        if (!this.client) {
            throw new Error(
                this.current.state === "missing" && this.interpreter
                    ? `tojax is not installed in ${this.interpreter.python}.`
                    : "The tojax server is not running; see the tojax output.",
            );
        }
        return this.client;
    }

    private async start(): Promise<void> {
        this.say({ state: "starting" });
        this.interpreter = await choose();
        this.output.info(`Interpreter: ${describeInterpreter(this.interpreter)}`);
        const found = await probe(this.interpreter.python, this.folder);
        if (found.state === "missing") {
            this.say({ state: "missing" });
            return;
        }
        if (found.state === "unusable") {
            this.say({ state: "failed", reason: found.reason });
            return;
        }
        await this.launch(this.interpreter.python);
    }

    private async launch(python: string): Promise<void> {
        const client = createClient(python, this.folder, this.output);
        for (const [method, handler] of this.handlers) {
            client.onNotification(method, handler);
        }
        client.onDidChangeState(({ newState }) => {
            this.follows(client, newState);
        });
        this.client = client;
        try {
            await client.start();
        } catch (error) {
            this.client = undefined;
            this.output.error(String(error));
            // What the client says is about its pipes; what the server wrote is in the output.
            this.say({ state: "failed", reason: "the server ended as it started; see the output" });
        }
    }

    private follows(client: LanguageClient, state: State): void {
        if (client !== this.client) {
            return;
        }
        if (state === State.Running) {
            const version = client.initializeResult?.serverInfo?.version ?? "";
            this.say({ state: "running", version });
        } else if (state === State.Starting) {
            this.say({ state: "starting" });
        } else {
            this.say({ state: "failed", reason: "the server stopped" });
        }
    }

    private async stop(): Promise<void> {
        const client = this.client;
        this.client = undefined;
        await client?.dispose().catch((error: unknown) => {
            this.output.warn(`Stopping the server: ${String(error)}`);
        });
    }

    private say(health: Health): void {
        this.current = health;
        this.output.info(health.state === "failed" ? `Failed: ${health.reason}` : health.state);
        this.healthChanged.fire(health);
    }
}

async function choose(): Promise<Interpreter> {
    return chooseInterpreter({
        setting: vscode.workspace.getConfiguration("tojax").get<string>("interpreter", ""),
        pythonExtension: await selectedInterpreter(),
        trusted: vscode.workspace.isTrusted,
        platform: process.platform,
    });
}
