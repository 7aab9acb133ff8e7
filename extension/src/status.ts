/** The language status item: is the server up, and in which Python. */

import * as vscode from "vscode";

import { describeInterpreter } from "./interpreter";
import type { Interpreter } from "./interpreter";
import type { Health, Session } from "./session";

export interface StatusText {
    text: string;
    detail: string;
    severity: "information" | "warning" | "error";
    command: { title: string; command: string };
}

/** What the item says; apart from VS Code, so that it can be tested. */
export function statusText(health: Health, interpreter: Interpreter | undefined): StatusText {
    const detail = interpreter ? describeInterpreter(interpreter) : "";
    const output = { title: "Output", command: "tojax.showOutput" };
    switch (health.state) {
        case "starting":
            return { text: "tojax: starting", detail, severity: "information", command: output };
        case "running":
            return {
                text: `tojax ${health.version}`.trim(),
                detail,
                severity: "information",
                command: output,
            };
        case "missing":
            return {
                text: "tojax is not installed",
                detail,
                severity: "warning",
                command: { title: "Install", command: "tojax.install" },
            };
        case "failed":
            return {
                text: "tojax does not run",
                detail: [detail, health.reason].filter(Boolean).join(": "),
                severity: "error",
                command: { title: "Restart", command: "tojax.restart" },
            };
    }
}

const SEVERITY = {
    information: vscode.LanguageStatusSeverity.Information,
    warning: vscode.LanguageStatusSeverity.Warning,
    error: vscode.LanguageStatusSeverity.Error,
};

export function showStatus(session: Session): vscode.Disposable {
    const item = vscode.languages.createLanguageStatusItem("tojax.status", { language: "python" });
    item.name = "tojax";
    const show = (health: Health) => {
        const status = statusText(health, session.interpreter);
        item.text = status.text;
        item.detail = status.detail;
        item.severity = SEVERITY[status.severity];
        item.command = status.command;
        item.busy = health.state === "starting";
        void vscode.commands.executeCommand(
            "setContext",
            "tojax.running",
            health.state === "running",
        );
    };
    show(session.health);
    return vscode.Disposable.from(item, session.onHealth(show));
}
