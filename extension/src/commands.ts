/** The commands of the palette and of the context menus. */

import * as vscode from "vscode";

import { definitionAt } from "./definition";
import { install } from "./install";
import type { IrDocuments } from "./ir";
import { compareMigrated } from "./migrationView";
import type { FileNode, MigrationView } from "./migrationView";
import type { Preview } from "./preview";
import { command } from "./protocol";
import type { DraftTarget, Target } from "./protocol";
import type { Session } from "./session";

export interface Parts {
    session: Session;
    preview: Preview;
    migration: MigrationView;
    ir: IrDocuments;
    output: vscode.LogOutputChannel;
    folder: string;
}

/** What a command was called with: the server's argument, a file of the explorer, or nothing. */
type Argument = Target | vscode.Uri | undefined;

export function registerCommands(parts: Parts): vscode.Disposable {
    const { session, preview, migration, ir, output, folder } = parts;
    const commands: Record<string, (argument: never) => unknown> = {
        "tojax.preview": (argument: Argument) => preview.show(fileTarget(argument)),
        "tojax.accept": () => preview.accept(),
        "tojax.reject": () => preview.reject(),
        "tojax.verifyFile": (argument: Argument) =>
            session.work(command.verify, fileTarget(argument)),
        "tojax.openJaxVersion": (argument: Argument) => openJax(session, fileTarget(argument)),
        "tojax.translateFolder": (argument: vscode.Uri | undefined) =>
            translateFolder(migration, argument),
        "tojax.compareMigrated": (node: FileNode) => compareMigrated(node),
        "tojax.showJaxpr": (argument: Argument) => ir.show(definitionTarget(argument), "jaxpr"),
        "tojax.showStableHlo": (argument: Argument) =>
            ir.show(definitionTarget(argument), "stablehlo"),
        "tojax.showHlo": (argument: Argument) => ir.show(definitionTarget(argument), "hlo"),
        "tojax.draftPreview": (argument: DraftTarget | vscode.Uri | undefined) =>
            preview.draft(fileTarget(argument)),
        "tojax.repairPreview": (argument: Argument) =>
            preview.draft({ ...fileTarget(argument), repair: true }),
        "tojax.showPrompt": (argument: Argument) => ir.show(fileTarget(argument), "prompt"),
        "tojax.restart": () => session.restart(),
        "tojax.install": () => {
            install(session, folder);
        },
        "tojax.selectInterpreter": selectInterpreter,
        "tojax.showOutput": () => {
            output.show();
        },
    };
    return vscode.Disposable.from(
        ...Object.entries(commands).map(([id, run]) =>
            vscode.commands.registerCommand(id, (argument: never) => reported(output, id, run, argument)),
        ),
    );
}

/** Runs a command; what goes wrong is shown as one line, and in full in the output channel. */
async function reported(
    output: vscode.LogOutputChannel,
    id: string,
    run: (argument: never) => unknown,
    argument: never,
): Promise<void> {
    try {
        await run(argument);
    } catch (error) {
        output.error(`${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        const message = error instanceof Error ? error.message : String(error);
        void vscode.window.showErrorMessage(message);
    }
}

function fileTarget(argument: Argument): Target {
    if (argument && !(argument instanceof vscode.Uri)) {
        return argument;
    }
    return { uri: (argument ?? activeEditor().document.uri).toString() };
}

/** Like `fileTarget`, with the class or function in which the cursor stands. */
function definitionTarget(argument: Argument): Target {
    const target = fileTarget(argument);
    const editor = vscode.window.activeTextEditor;
    if (target.name || editor?.document.uri.toString() !== target.uri) {
        return target;
    }
    const lines = editor.document.getText().split(/\r?\n/);
    const name = definitionAt(lines, editor.selection.active.line);
    return { ...target, ...(name && { name }) };
}

function activeEditor(): vscode.TextEditor {
    const editor = vscode.window.activeTextEditor;
    if (!editor) {
        throw new Error("Open a Python file first.");
    }
    return editor;
}

async function openJax(session: Session, { uri }: Target): Promise<void> {
    await session.execute(command.openJax, { uri });
}

async function translateFolder(
    migration: MigrationView,
    argument: vscode.Uri | undefined,
): Promise<void> {
    const folder = argument instanceof vscode.Uri ? argument : await pickFolder();
    if (folder) {
        await vscode.workspace.saveAll(false);
        await migration.run(folder);
    }
}

async function pickFolder(): Promise<vscode.Uri | undefined> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    if (folders.length > 1) {
        return (await vscode.window.showWorkspaceFolderPick())?.uri;
    }
    return folders[0]?.uri;
}

async function selectInterpreter(): Promise<void> {
    const python = vscode.extensions.getExtension("ms-python.python");
    const own = vscode.workspace.getConfiguration("tojax").get<string>("interpreter", "");
    if (python && !own) {
        await vscode.commands.executeCommand("python.setInterpreter");
    } else {
        await vscode.commands.executeCommand("workbench.action.openSettings", "tojax.interpreter");
    }
}
