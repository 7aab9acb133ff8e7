/** jaxpr, StableHLO, optimised HLO and the model's prompt, as read-only documents. */

import * as vscode from "vscode";

import { command } from "./protocol";
import type { Form, Target } from "./protocol";
import type { Session } from "./session";

export const IR_SCHEME = "tojax-ir";

const EXTENSION: Record<Form, string> = { jaxpr: "jaxpr", stablehlo: "mlir", hlo: "hlo", prompt: "md" };

/** Address of a document: a path that reads well as a title, and the request in the query. */
export function irAddress(target: Target, form: Form): { path: string; query: string } {
    const file = target.uri.replace(/^.*\//, "").replace(/[?#].*$/, "");
    const stem = decodeURIComponent(file).replace(/\.(py|ipynb)$/, "");
    const name = target.name ? `${stem}.${target.name}` : stem;
    const request = { uri: target.uri, ...(target.name && { name: target.name }), form };
    return { path: `/${name}.${EXTENSION[form]}`, query: JSON.stringify(request) };
}

export class IrDocuments implements vscode.TextDocumentContentProvider {
    private readonly changed = new vscode.EventEmitter<vscode.Uri>();
    readonly onDidChange = this.changed.event;

    constructor(private readonly session: Session) {}

    async provideTextDocumentContent(
        uri: vscode.Uri,
        token: vscode.CancellationToken,
    ): Promise<string> {
        const request = JSON.parse(uri.query) as { form: Form };
        const { text } = await this.session.execute<{ text: string }>(
            request.form === "prompt" ? command.prompt : command.ir,
            request,
            token,
        );
        return text;
    }

    async show(target: Target, form: Form): Promise<void> {
        const uri = vscode.Uri.from({ scheme: IR_SCHEME, ...irAddress(target, form) });
        // A document that is open already is computed again: the code may have changed.
        this.changed.fire(uri);
        const document = await vscode.workspace.openTextDocument(uri);
        await vscode.window.showTextDocument(document, {
            viewColumn: vscode.ViewColumn.Beside,
            preserveFocus: true,
        });
    }
}
