/** Accept and Reject as words in the status bar, while a preview is in front. */

import * as vscode from "vscode";

import { PREVIEW_SCHEME } from "./preview";

export function showDecision(): vscode.Disposable {
    const accept = button("$(check) Accept JAX", "tojax.accept", 101);
    accept.backgroundColor = new vscode.ThemeColor("statusBarItem.warningBackground");
    const reject = button("$(close) Reject", "tojax.reject", 100);
    const update = () => {
        const shown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
        const previewing =
            shown instanceof vscode.TabInputTextDiff && shown.modified.scheme === PREVIEW_SCHEME;
        for (const item of [accept, reject]) {
            if (previewing) {
                item.show();
            } else {
                item.hide();
            }
        }
    };
    return vscode.Disposable.from(
        accept,
        reject,
        vscode.window.tabGroups.onDidChangeTabs(update),
        vscode.window.tabGroups.onDidChangeTabGroups(update),
    );
}

function button(text: string, command: string, priority: number): vscode.StatusBarItem {
    const item = vscode.window.createStatusBarItem(command, vscode.StatusBarAlignment.Left, priority);
    item.name = text.replace(/^\$\(\w+\) /, "tojax: ");
    item.text = text;
    item.command = command;
    return item;
}
