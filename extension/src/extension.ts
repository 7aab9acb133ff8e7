/** Puts the parts together. */

import * as vscode from "vscode";

import { registerCommands } from "./commands";
import { showDecision } from "./decision";
import { offerInstall } from "./install";
import { IR_SCHEME, IrDocuments } from "./ir";
import { MigrationView } from "./migrationView";
import { Preview } from "./preview";
import { onInterpreterSelected } from "./pythonExtension";
import { Session } from "./session";
import { showStatus } from "./status";
import { followTrust } from "./trust";

export async function activate(context: vscode.ExtensionContext): Promise<void> {
    const output = vscode.window.createOutputChannel("tojax", { log: true });
    // Python runs in the extension's own folder: never where it could import the user's files.
    const folder = context.extensionPath;
    const session = new Session(folder, output);
    const preview = new Preview(session);
    const migration = new MigrationView(session);
    const ir = new IrDocuments(session);
    context.subscriptions.push(
        output,
        session,
        preview,
        migration,
        vscode.workspace.registerTextDocumentContentProvider(IR_SCHEME, ir),
        registerCommands({ session, preview, migration, ir, output, folder }),
        showDecision(),
        showStatus(session),
        offerInstall(session, folder),
        followTrust(session),
        vscode.workspace.onDidChangeConfiguration((change) => {
            if (change.affectsConfiguration("tojax.interpreter")) {
                void session.follow();
            }
        }),
    );
    const selected = await onInterpreterSelected(() => void session.follow());
    if (selected) {
        context.subscriptions.push(selected);
    }
    // Not awaited: the server may take a while, the commands wait for it.
    void session.restart();
}
