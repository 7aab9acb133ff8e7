/** The tree view "Migration": every file of a migrated folder with its state and verdict. */

import * as vscode from "vscode";

import { describeRow, fromMigration, fromProgress, rowIcon, stopped, summary } from "./migrationModel";
import type { FolderState, Row } from "./migrationModel";
import { command, notification } from "./protocol";
import type { Migration, MigrationProgress } from "./protocol";
import type { Session } from "./session";
import { unreached } from "./verdict";

export interface FileNode {
    folder: FolderState;
    row: Row;
}

type Node = FolderState | FileNode;

export class MigrationView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
    private readonly folders = new Map<string, FolderState>();
    private readonly changed = new vscode.EventEmitter<void>();
    private readonly view: vscode.TreeView<Node>;
    readonly onDidChangeTreeData = this.changed.event;

    constructor(private readonly session: Session) {
        this.view = vscode.window.createTreeView<Node>("tojax.migration", {
            treeDataProvider: this,
        });
        session.onNotification(notification.migration, (progress: MigrationProgress) => {
            this.set(fromProgress(progress));
        });
    }

    dispose(): void {
        this.view.dispose();
        this.changed.dispose();
    }

    /** Translates a folder into one beside it; resolves when that is done or was cancelled. */
    async run(folder: vscode.Uri): Promise<void> {
        const key = folder.toString();
        await vscode.commands.executeCommand("tojax.migration.focus");
        let migration: Migration | undefined;
        try {
            migration = await this.session.work<Migration>(command.translateWorkspace, {
                folder: key,
            });
        } finally {
            const shown = this.folders.get(key);
            if (migration) {
                this.set(fromMigration(key, migration));
            } else if (shown) {
                this.set(stopped(shown));
            }
        }
    }

    getChildren(node?: Node): Node[] {
        if (!node) {
            return [...this.folders.values()];
        }
        return "rows" in node ? node.rows.map((row) => ({ folder: node, row })) : [];
    }

    getTreeItem(node: Node): vscode.TreeItem {
        return "rows" in node ? folderItem(node) : fileItem(node);
    }

    private set(state: FolderState): void {
        const known = this.folders.get(state.folder)?.destination;
        this.folders.set(state.folder, { ...(known && { destination: known }), ...state });
        this.changed.fire();
    }
}

function folderItem(state: FolderState): vscode.TreeItem {
    const uri = vscode.Uri.parse(state.folder);
    const item = new vscode.TreeItem(
        vscode.workspace.asRelativePath(uri).replace(/^.*\//, ""),
        vscode.TreeItemCollapsibleState.Expanded,
    );
    item.description = summary(state);
    item.iconPath = vscode.ThemeIcon.Folder;
    item.id = state.folder;
    return item;
}

function fileItem({ folder, row }: FileNode): vscode.TreeItem {
    const item = new vscode.TreeItem(row.path);
    const { icon, colour } = rowIcon(row);
    item.id = `${folder.folder}/${row.path}`;
    item.description = describeRow(row);
    item.iconPath = new vscode.ThemeIcon(icon, colour ? new vscode.ThemeColor(colour) : undefined);
    const { verdict } = row;
    const facts = [row.path, row.detail, verdict?.message, verdict && unreached(verdict)];
    item.tooltip = facts.filter(Boolean).join("\n");
    if (folder.destination && row.state !== "failed") {
        item.contextValue = "migrated";
        item.command = {
            title: "Compare with JAX Version",
            command: "tojax.compareMigrated",
            arguments: [{ folder, row }],
        };
    }
    return item;
}

/** Opens a file of the folder beside its JAX version. */
export async function compareMigrated({ folder, row }: FileNode): Promise<void> {
    if (!folder.destination) {
        return;
    }
    await vscode.commands.executeCommand(
        "vscode.diff",
        vscode.Uri.joinPath(vscode.Uri.parse(folder.folder), row.path),
        vscode.Uri.joinPath(destination(folder.destination), row.path),
        `${row.path}: PyTorch ↔ JAX`,
    );
}

function destination(place: string): vscode.Uri {
    return place.startsWith("file:") ? vscode.Uri.parse(place) : vscode.Uri.file(place);
}
