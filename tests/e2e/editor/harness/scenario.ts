/** One scenario: a folder, an editor in it, and a picture when it fails. */

import { test } from "node:test";

import { Editor } from "./editor.ts";
import { Folder } from "./folder.ts";
import type { Options } from "./editor.ts";
import { patience } from "./setting.ts";

export interface Setting extends Options {
    files: Record<string, string>;
    /** Adds what depends on where the folder is. */
    prepare?: (folder: Folder) => void;
}

type Steps = (editor: Editor, folder: Folder) => Promise<void>;

export function scenario(name: string, setting: Setting, steps: Steps): void {
    void test(name, { timeout: 5 * patience }, () => play(name, setting, steps));
}

/** Takes the steps in an editor of their own. */
export async function play(name: string, setting: Setting, steps: Steps): Promise<void> {
    using folder = new Folder(setting.files);
    setting.prepare?.(folder);
    await using editor = await Editor.open(folder, setting);
    try {
        await steps(editor, folder);
    } catch (error) {
        await editor.picture(`failed-${name.replaceAll(/\W+/g, "-")}`).catch(() => undefined);
        throw error;
    }
}
