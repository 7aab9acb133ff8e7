/** Offers to install tojax where it is missing, and does so in a terminal that people can watch. */

import * as vscode from "vscode";

import { safeEnvironment } from "./interpreter";
import type { Health, Session } from "./session";

const INSTALL = "Install";
const SELECT = "Select Interpreter";

/** Asks once per interpreter; in an untrusted workspace only the status item says it. */
export function offerInstall(session: Session, folder: string): vscode.Disposable {
    const asked = new Set<string>();
    return session.onHealth((health: Health) => {
        const python = session.interpreter?.python;
        if (health.state !== "missing" || !python || asked.has(python)) {
            return;
        }
        if (!vscode.workspace.isTrusted) {
            return;
        }
        asked.add(python);
        void ask(session, python, folder);
    });
}

async function ask(session: Session, python: string, folder: string): Promise<void> {
    const answer = await vscode.window.showWarningMessage(
        `tojax is not installed in ${python}.`,
        INSTALL,
        SELECT,
    );
    if (answer === INSTALL) {
        install(session, folder);
    } else if (answer === SELECT) {
        await vscode.commands.executeCommand("tojax.selectInterpreter");
    }
}

/** Runs pip with the chosen interpreter, in sight, then restarts the server. */
export function install(session: Session, folder: string): void {
    const python = session.interpreter?.python;
    if (!python || !vscode.workspace.isTrusted) {
        return;
    }
    const terminal = vscode.window.createTerminal({
        name: "Install tojax",
        shellPath: python,
        shellArgs: ["-m", "pip", "install", "--upgrade", "tojax[verify]"],
        cwd: folder,
        env: { PYTHONSAFEPATH: safeEnvironment().PYTHONSAFEPATH },
        isTransient: true,
    });
    terminal.show(true);
    const closed = vscode.window.onDidCloseTerminal((other) => {
        if (other === terminal) {
            closed.dispose();
            void session.restart();
        }
    });
}
