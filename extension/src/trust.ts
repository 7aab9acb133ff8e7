/** Trust that is granted while the editor runs. Until then the server executes nothing. */

import * as vscode from "vscode";

import { notification } from "./protocol";
import type { Session } from "./session";

export function followTrust(session: Session): vscode.Disposable {
    return vscode.workspace.onDidGrantWorkspaceTrust(async () => {
        // The workspace may now name its own interpreter; a new server learns of trust as it starts.
        if (!(await session.follow())) {
            await session.notify(notification.trust, { trusted: true });
        }
    });
}
