/**
 * The difference that a translation would make, to accept or to reject.
 *
 * The proposal is a read-only document of its own: until it is accepted nothing was touched, and so
 * rejecting restores exactly.
 */

import * as vscode from "vscode";

import { command, notification } from "./protocol";
import type { DraftTarget, Target, TranslateResult } from "./protocol";
import type { Session } from "./session";
import { open, write } from "./writing";

export const PREVIEW_SCHEME = "tojax-preview";

interface Proposal {
    request: Target;
    /** Of a draft: the source that the model was given. It is not asked again by itself. */
    drafted?: string;
    result: TranslateResult;
    source: vscode.Uri;
    target: vscode.Uri;
    /** Address of the read-only document. */
    shown: vscode.Uri;
}

export class Preview implements vscode.TextDocumentContentProvider, vscode.Disposable {
    private proposal: Proposal | undefined;
    private count = 0;
    private readonly subscriptions: vscode.Disposable;
    private readonly changed = new vscode.EventEmitter<vscode.Uri>();
    readonly onDidChange = this.changed.event;

    constructor(private readonly session: Session) {
        this.subscriptions = vscode.Disposable.from(
            this.changed,
            vscode.workspace.registerTextDocumentContentProvider(PREVIEW_SCHEME, this),
            vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
                this.closed(closed);
            }),
        );
    }

    dispose(): void {
        this.subscriptions.dispose();
    }

    provideTextDocumentContent(uri: vscode.Uri): string {
        return uri.toString() === this.proposal?.shown.toString() ? this.proposal.result.text : "";
    }

    /** Translates, and shows what would change. */
    async show(request: Target): Promise<void> {
        await this.propose(request, await this.translate(request));
    }

    /** Has the model translate or repair a file, and shows what would change. */
    async draft(request: DraftTarget): Promise<void> {
        const { uri, repair } = request;
        const drafted = await textOf(vscode.Uri.parse(uri, true));
        const result = await this.session.work<TranslateResult>(command.draft, {
            uri,
            ...(repair && { repair }),
            preview: true,
        });
        if (result) {
            await this.propose(request, result, drafted);
        }
    }

    private async propose(request: Target, result: TranslateResult, drafted?: string): Promise<void> {
        await this.discard();
        const source = vscode.Uri.parse(request.uri, true);
        const target = vscode.Uri.parse(result.target, true);
        this.count += 1;
        const shown = target.with({
            scheme: PREVIEW_SCHEME,
            authority: "",
            path: cellOf(target) ? `${target.path}.py` : target.path, // its name tells the language
            query: String(this.count),
            fragment: "",
        });
        this.proposal = {
            request,
            result,
            source,
            target,
            shown,
            ...(drafted !== undefined && { drafted }),
        };
        await setPreviewing(true);
        await vscode.commands.executeCommand(
            "vscode.diff",
            source,
            shown,
            await title(this.proposal),
            { preview: false },
        );
    }

    /** Writes the translation, unless the source changed since: then shows the new one instead. */
    async accept(): Promise<void> {
        const proposal = this.proposal;
        if (!proposal) {
            return;
        }
        if (proposal.drafted !== undefined) {
            if (proposal.drafted !== (await textOf(proposal.source))) {
                throw new Error("The code changed meanwhile. Ask the model again.");
            }
        } else {
            const latest = await this.translate(proposal.request);
            if (latest.text !== proposal.result.text || latest.target !== proposal.result.target) {
                await this.refresh(proposal, latest);
                return;
            }
        }
        await write(proposal.target, proposal.result.text);
        await this.discard();
        await this.showWritten(proposal);
        const { uri, name } = proposal.request;
        await this.session.notify(notification.accepted, {
            uri,
            ...(name && { name }),
            target: proposal.result.target,
        });
    }

    /** Forgets the translation. */
    async reject(): Promise<void> {
        const source = this.proposal?.source;
        await this.discard();
        if (source) {
            await vscode.window.showTextDocument(source);
        }
    }

    private async translate(request: Target): Promise<TranslateResult> {
        const { uri, name } = request;
        return this.session.execute(command.translate, { uri, ...(name && { name }) });
    }

    private async refresh(proposal: Proposal, result: TranslateResult): Promise<void> {
        this.proposal = { ...proposal, result, target: vscode.Uri.parse(result.target, true) };
        this.changed.fire(proposal.shown);
        await vscode.window.showInformationMessage(
            "The code changed meanwhile. The translation is up to date again: please look once more.",
        );
    }

    private async showWritten({ source, target }: Proposal): Promise<void> {
        await vscode.window.showTextDocument(source);
        if (target.toString() !== source.toString()) {
            await vscode.window.showTextDocument(target, {
                viewColumn: vscode.ViewColumn.Beside,
                preserveFocus: true,
            });
        }
    }

    private async discard(): Promise<void> {
        const proposal = this.proposal;
        this.proposal = undefined;
        await setPreviewing(false);
        if (proposal) {
            await vscode.window.tabGroups.close(tabsOf(proposal), true);
        }
    }

    private closed(tabs: readonly vscode.Tab[]): void {
        if (this.proposal && tabs.some((tab) => shows(tab, this.proposal?.shown))) {
            this.proposal = undefined;
            void setPreviewing(false);
        }
    }
}

async function textOf(uri: vscode.Uri): Promise<string> {
    return (await vscode.workspace.openTextDocument(uri)).getText();
}

async function title(proposal: Proposal): Promise<string> {
    const { note } = proposal.result;
    const places = await placesTitle(proposal);
    return proposal.drafted === undefined || !note ? places : `${places} (model: ${note})`;
}

async function placesTitle({ source, target }: Proposal): Promise<string> {
    const cell = cellOf(source);
    const from = cell
        ? `${vscode.workspace.asRelativePath(cell.notebook.uri)}, cell ${cell.index + 1}`
        : vscode.workspace.asRelativePath(source);
    if (source.toString() === target.toString()) {
        return `${from}: PyTorch ↔ JAX`;
    }
    const to = vscode.workspace.asRelativePath(target);
    const replaces = (await open(target)) ? " (replaces the present file)" : "";
    return `${from} ↔ ${to}${replaces}`;
}

/** The cell of a notebook that is open; none for any other document. */
function cellOf(uri: vscode.Uri): vscode.NotebookCell | undefined {
    return vscode.workspace.notebookDocuments
        .flatMap((notebook) => notebook.getCells())
        .find((cell) => cell.document.uri.toString() === uri.toString());
}

function tabsOf({ shown }: Proposal): vscode.Tab[] {
    return vscode.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .filter((tab) => shows(tab, shown));
}

function shows(tab: vscode.Tab, uri: vscode.Uri | undefined): boolean {
    return (
        tab.input instanceof vscode.TabInputTextDiff &&
        tab.input.modified.toString() === uri?.toString()
    );
}

async function setPreviewing(value: boolean): Promise<void> {
    await vscode.commands.executeCommand("setContext", "tojax.previewing", value);
}
