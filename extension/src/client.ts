/** Makes the language client for one interpreter. */

import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/node";
import type { LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

import { safeEnvironment } from "./interpreter";
import { LONG } from "./protocol";
import { work } from "./work";

/** How often a server that dies is started again within three minutes. */
const RESTARTS = 4;

const SCHEMES = ["file", "untitled", "vscode-vfs", "vscode-notebook-cell"];

export function createClient(
    python: string,
    folder: string,
    output: vscode.OutputChannel,
): LanguageClient {
    const server: ServerOptions = {
        command: python,
        args: ["-m", "tojax", "serve"],
        options: { cwd: folder, env: safeEnvironment() },
    };
    const options: LanguageClientOptions = {
        documentSelector: SCHEMES.map((scheme) => ({ scheme, language: "python" })),
        initializationOptions: () => ({ trusted: vscode.workspace.isTrusted, preview: true }),
        outputChannel: output,
        connectionOptions: { maxRestartCount: RESTARTS },
        middleware: {
            // What lenses and quick-fixes start by themselves.
            executeCommand: (command, args, next): vscode.ProviderResult<unknown> =>
                LONG.has(command) ? work(client, command, args[0] as object) : next(command, args),
        },
    };
    const client = new LanguageClient("tojax", "tojax", server, options);
    return client;
}
