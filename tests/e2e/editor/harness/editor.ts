/** VS Code in a browser, driven the way a person drives it. */

import { mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { chromium } from "playwright-core";
import type { Browser, Locator, Page } from "playwright-core";

import type { Folder } from "./folder.ts";
import { CodeServer } from "./server.ts";
import type { ServerOptions } from "./server.ts";
import { patience, screenshots } from "./setting.ts";
import { until } from "./waiting.ts";

const BROWSER = {
    executablePath: process.env["TOJAX_CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
};

/** Milliseconds between a menu and the choice from it. */
const READING = 1500;

export interface Options extends ServerOptions {
    /** The folder to open, if not the one with all the files. */
    root?: string;
    /** The file to open in it. */
    open?: string;
}

export class Editor implements AsyncDisposable {
    private constructor(
        readonly server: CodeServer,
        private readonly browser: Browser,
        readonly page: Page,
    ) {}

    static async open(folder: Folder, options: Options = {}): Promise<Editor> {
        const server = await CodeServer.start(options);
        const browser = await chromium.launch(BROWSER);
        const page = await browser.newPage({ viewport: { width: 1180, height: 720 } });
        page.setDefaultTimeout(patience);
        const editor = new Editor(server, browser, page);
        const authority = `127.0.0.1:${server.port}`;
        const root = folder.at(options.root ?? "");
        const file = options.open && path.join(root, options.open);
        const payload = file ? [["openFile", `vscode-remote://${authority}${file}`]] : [];
        const query = new URLSearchParams({ folder: root, payload: JSON.stringify(payload) });
        await page.goto(`http://${authority}/?${query.toString()}`);
        await page.locator(".monaco-workbench").waitFor();
        return editor;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.browser.close();
        await this.server[Symbol.asyncDispose]();
    }

    /** The text editor that shows a file. */
    code(file: string): Locator {
        return this.page.locator(`.editor-instance .monaco-editor[data-uri$="/${file}"]`).first();
    }

    /** The underlined places of a file, by severity. */
    squiggles(file: string, severity: "hint" | "info" | "warning" | "error" = "warning"): Locator {
        return this.code(file).locator(`.squiggly-${severity}`);
    }

    /** What stands above definitions; the first with this text. */
    lens(text: string | RegExp): Locator {
        return this.page.locator(".codelens-decoration > *", { hasText: text }).first();
    }

    /** A word of the code as it is drawn; the first after `before` characters of that line. */
    token(file: string, text: string): Locator {
        return this.code(file).locator(".view-line > span > span", { hasText: text }).first();
    }

    /** The lines that are drawn, without the non-breaking spaces. */
    async text(editor: Locator): Promise<string> {
        const lines = await editor.locator(".view-line").evaluateAll((nodes) =>
            nodes
                .map((node) => ({
                    top: parseFloat((node as HTMLElement).style.top),
                    text: node.textContent ?? "",
                }))
                .sort((a, b) => a.top - b.top)
                .map(({ text }) => text),
        );
        return lines.join("\n").replaceAll("\u00a0", " ");
    }

    /** How many findings the status bar counts. */
    async problems(): Promise<number> {
        const label = await this.page.locator("#status\\.problems a").getAttribute("aria-label");
        return [...(label ?? "").matchAll(/\d+/g)].reduce((sum, [count]) => sum + Number(count), 0);
    }

    /** Types a line of code above the first one with `below` in it. */
    async type(file: string, below: string, line: string): Promise<void> {
        await this.code(file).locator(".view-line", { hasText: below }).first().click();
        await this.page.keyboard.press("Control+Shift+Enter");
        await this.page.keyboard.insertText(line);
    }

    /** Runs a command by its title in the palette. */
    async command(title: string): Promise<void> {
        const rows = this.page.locator(".quick-input-list .monaco-list-row", { hasText: title });
        // Again until it is there: extensions are loaded late.
        await until(`the command ${title}`, async () => {
            await this.page.keyboard.press("F1");
            await this.page.locator(".quick-input-widget input.input").fill(`>${title}`);
            if (await this.appears(rows)) {
                await rows.first().click();
                return true;
            }
            await this.page.keyboard.press("Escape");
            return false;
        });
    }

    /** Opens a file by its name in the explorer; again if the rows moved under the click. */
    async show(file: string): Promise<void> {
        const rows = this.page.locator(".explorer-folders-view .monaco-list-row", { hasText: file });
        await until(`${file} to be open`, async () => {
            await this.page.keyboard.press("Control+Shift+E");
            await rows.first().dblclick();
            return this.appears(this.page.locator(".tab.active", { hasText: file }));
        });
    }

    /** Opens the quick-fix menu at the cursor and takes the entry with this text. */
    async quickFix(entry: string | RegExp): Promise<void> {
        await this.openQuickFixes(entry);
        await this.takeFix(entry);
    }

    /** Takes an entry of the open menu, by the keys: the menu shields itself from early clicks. */
    async takeFix(entry: string | RegExp): Promise<void> {
        // As long as a person reads: VS Code forgets the commands of a menu when the actions that it
        // asked for before, after the click on the code, arrive while one is being carried out.
        await sleep(READING);
        const focused = this.page.locator(".action-widget .monaco-list-row.action.focused");
        await until(`${String(entry)} to be chosen`, async () => {
            if ((await focused.filter({ hasText: entry }).count()) > 0) {
                return true;
            }
            await this.page.keyboard.press("ArrowDown");
            return false;
        });
        await this.page.keyboard.press("Enter");
    }

    /** A line of the proposed text in the diff of a preview. */
    proposed(text: string | RegExp): Locator {
        return this.page
            .locator(".monaco-diff-editor .editor.modified .view-line", { hasText: text })
            .first();
    }

    /** Presses Accept JAX or Reject in the status bar. */
    async decide(answer: "Accept JAX" | "Reject"): Promise<void> {
        await this.page.locator(".statusbar-item", { hasText: answer }).click();
    }

    /** Opens the menu; again until `entry` is in it, because findings may still be on their way. */
    async openQuickFixes(entry: string | RegExp): Promise<void> {
        await until(`the quick fix ${String(entry)}`, async () => {
            await this.page.keyboard.press("Control+.");
            const found = await this.appears(this.fixes().filter({ hasText: entry }));
            if (!found) {
                await this.page.keyboard.press("Escape");
            }
            return found;
        });
    }

    fixes(): Locator {
        return this.page.locator(".action-widget .monaco-list-row.action");
    }

    /** Points at a place until the hover says `text`; gives the hover. */
    async hover(place: Locator, text: string | RegExp): Promise<Locator> {
        const hover = this.page.locator(".monaco-hover:not(.hidden) .hover-row", { hasText: text });
        await until(`a hover with ${String(text)}`, async () => {
            await this.page.mouse.move(5, 400);
            await place.hover({ force: true });
            return this.appears(hover);
        });
        return hover.first();
    }

    /** Whether something is there within a few seconds. */
    async appears(what: Locator): Promise<boolean> {
        return what
            .first()
            .waitFor({ timeout: 5_000 })
            .then(() => true)
            .catch(() => false);
    }

    notification(text: string | RegExp): Locator {
        return this.page.locator(".notifications-toasts .notification-list-item", { hasText: text });
    }

    /** A picture of the window, once things have stopped to fade in and out. */
    async picture(name: string): Promise<void> {
        mkdirSync(screenshots, { recursive: true });
        await sleep(700);
        await this.page.screenshot({ path: path.join(screenshots, `${name}.png`) });
    }
}
