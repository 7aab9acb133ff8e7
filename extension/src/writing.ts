/** Puts an accepted translation where it belongs, as one edit that can be undone. */

import * as vscode from "vscode";

/**
 * Makes `text` the content of `target`. What was saved before is saved after; a document with
 * unsaved changes stays unsaved, because those are for its author to save.
 */
export async function write(target: vscode.Uri, text: string): Promise<void> {
    const document = await open(target);
    const edit = new vscode.WorkspaceEdit();
    if (document) {
        const end = document.lineAt(document.lineCount - 1).range.end;
        edit.replace(target, new vscode.Range(new vscode.Position(0, 0), end), text);
    } else {
        edit.createFile(target, { contents: new TextEncoder().encode(text) });
    }
    const saved = document ? !document.isDirty && !document.isUntitled : false;
    if (!(await vscode.workspace.applyEdit(edit))) {
        throw new Error(`${vscode.workspace.asRelativePath(target)} could not be written.`);
    }
    if (saved && document?.uri.scheme !== "vscode-notebook-cell") {
        await document?.save();
    }
}

/** The document at `target`, or undefined where there is none yet. */
export async function open(target: vscode.Uri): Promise<vscode.TextDocument | undefined> {
    const opened = vscode.workspace.textDocuments.find(
        (document) => document.uri.toString() === target.toString(),
    );
    if (opened) {
        return opened;
    }
    try {
        await vscode.workspace.fs.stat(target);
    } catch {
        return undefined;
    }
    return vscode.workspace.openTextDocument(target);
}
