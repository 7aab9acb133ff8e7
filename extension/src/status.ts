/** The language status item: is the server up, and in which Python. */

import * as vscode from "vscode";

import { describeInterpreter } from "./interpreter";
import type { Interpreter } from "./interpreter";
import { command } from "./protocol";
import type { ModelInfo } from "./protocol";
import type { Health, Session } from "./session";

export interface StatusText {
    text: string;
    detail: string;
    severity: "information" | "warning" | "error";
    command: { title: string; command: string };
}

/** What the item says; apart from VS Code, so that it can be tested. */
export function statusText(
    health: Health,
    interpreter: Interpreter | undefined,
    model?: ModelInfo,
): StatusText {
    const python = interpreter ? describeInterpreter(interpreter) : "";
    const detail = model
        ? `${python} · model ${model.models[0] ?? ""} at ${model.hosts.join(", ")}`
        : python;
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
    const showModel = async (): Promise<void> => {
        const uri = vscode.window.activeTextEditor?.document.uri.toString();
        if (session.health.state === "running" && uri) {
            const model = await session.execute<ModelInfo>(command.model, { uri });
            item.detail = statusText(session.health, session.interpreter, model).detail;
        }
    };
    const follow = () => {
        // A model that cannot be told is no reason to disturb anybody.
        showModel().catch(() => undefined);
    };
    return vscode.Disposable.from(
        item,
        session.onHealth((health) => {
            show(health);
            follow();
        }),
        vscode.workspace.onDidChangeConfiguration((change) => {
            if (change.affectsConfiguration("tojax.model")) {
                follow();
            }
        }),
    );
}
