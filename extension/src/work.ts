/** Long work of the server: shown in a notification that can cancel it. */

import { randomUUID } from "node:crypto";

import * as vscode from "vscode";
import { ExecuteCommandRequest, WorkDoneProgress } from "vscode-languageclient/node";
import type { LanguageClient } from "vscode-languageclient/node";

/** Runs a command in sight; undefined if it was cancelled. */
export async function work<T>(
    client: LanguageClient,
    command: string,
    argument: object,
): Promise<T | undefined> {
    const cancelling = new vscode.CancellationTokenSource();
    const workDoneToken = randomUUID();
    const shown = new Shown(cancelling);
    const following = client.onProgress(WorkDoneProgress.type, workDoneToken, (step) => {
        if (step.kind === "begin") {
            shown.begin(step.title);
        } else if (step.kind === "report") {
            shown.report(step.message, step.percentage);
        }
    });
    try {
        return (await client.sendRequest(
            ExecuteCommandRequest.type,
            { command, arguments: [argument], workDoneToken },
            cancelling.token,
        )) as T;
    } catch (error) {
        if (cancelling.token.isCancellationRequested) {
            return undefined;
        }
        throw error;
    } finally {
        shown.end();
        following.dispose();
        cancelling.dispose();
    }
}

/** The notification: there from the first news of the work until its end. */
class Shown {
    private progress: vscode.Progress<{ message?: string; increment?: number }> | undefined;
    private percentage = 0;
    private finish: () => void = () => undefined;
    private readonly finished = new Promise<void>((resolve) => (this.finish = resolve));

    constructor(private readonly cancelling: vscode.CancellationTokenSource) {}

    begin(title: string): void {
        const options = {
            location: vscode.ProgressLocation.Notification,
            cancellable: true,
            title,
        };
        void vscode.window.withProgress(options, async (progress, cancelled) => {
            this.progress = progress;
            cancelled.onCancellationRequested(() => {
                this.cancelling.cancel();
            });
            await this.finished;
        });
    }

    report(message: string | undefined, percentage: number | undefined): void {
        const increment = Math.max(0, (percentage ?? 0) - this.percentage);
        this.percentage += increment;
        this.progress?.report({ ...(message && { message }), increment });
    }

    end(): void {
        this.finish();
    }
}
