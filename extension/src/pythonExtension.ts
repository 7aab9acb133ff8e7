/** The interpreter that is selected in the Python extension (ms-python), where that is installed. */

import * as vscode from "vscode";

interface PythonApi {
    environments: {
        getActiveEnvironmentPath(resource?: vscode.Uri): { id: string; path: string };
        resolveEnvironment(environment: {
            id: string;
            path: string;
        }): Promise<{ executable: { uri?: vscode.Uri } } | undefined>;
        onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
    };
}

async function api(): Promise<PythonApi | undefined> {
    const extension = vscode.extensions.getExtension<PythonApi>("ms-python.python");
    return extension && (extension.isActive ? extension.exports : extension.activate());
}

/** Path of the selected interpreter, or undefined. */
export async function selectedInterpreter(): Promise<string | undefined> {
    const python = await api();
    if (!python) {
        return undefined;
    }
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const active = python.environments.getActiveEnvironmentPath(folder);
    const resolved = await python.environments.resolveEnvironment(active);
    return resolved?.executable.uri?.fsPath;
}

/** Calls `changed` whenever another interpreter is selected. */
export async function onInterpreterSelected(
    changed: () => void,
): Promise<vscode.Disposable | undefined> {
    return (await api())?.environments.onDidChangeActiveEnvironmentPath(changed);
}
