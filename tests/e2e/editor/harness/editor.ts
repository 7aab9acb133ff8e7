/** VS Code in a browser, driven the way a person drives it. */

import { mkdirSync } from "node:fs";
import path from "node:path";

import { chromium } from "playwright-core";
import type { Browser, Locator, Page } from "playwright-core";

import type { Folder } from "./folder.ts";
import { CodeServer } from "./server.ts";
import type { Options } from "./server.ts";
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

export class Editor implements AsyncDisposable {
    private constructor(
        readonly server: CodeServer,
        private readonly browser: Browser,
        readonly page: Page,
    ) {}

    /** Opens `folder`, and in it `file`. */
    static async open(folder: Folder, file?: string, options: Options = {}): Promise<Editor> {
        const server = await CodeServer.start(options);
        const browser = await chromium.launch(BROWSER);
        const page = await browser.newPage({ viewport: { width: 1180, height: 720 } });
        page.setDefaultTimeout(patience);
        const editor = new Editor(server, browser, page);
        const authority = `127.0.0.1:${server.port}`;
        const payload = file ? [["openFile", `vscode-remote://${authority}${folder.at(file)}`]] : [];
        const query = new URLSearchParams({ folder: folder.root, payload: JSON.stringify(payload) });
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

    lens(text: string | RegExp): Locator {
        return this.page.locator(".codelens-decoration").filter({ hasText: text });
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

    /** Runs a command by its title in the palette. */
    async command(title: string): Promise<void> {
        await this.page.keyboard.press("F1");
        const input = this.page.locator(".quick-input-widget input.input");
        await input.fill(`>${title}`);
        await this.page
            .locator(".quick-input-list .monaco-list-row", { hasText: title })
            .first()
            .click();
    }

    /** Opens a file by its name. */
    async show(file: string): Promise<void> {
        await this.page.keyboard.press("Control+p");
        await this.page.locator(".quick-input-widget input.input").fill(file);
        await this.page
            .locator(".quick-input-list .monaco-list-row", { hasText: path.basename(file) })
            .first()
            .click();
        await this.code(file).waitFor();
    }

    /** Opens the quick-fix menu at the cursor and takes the entry with this text. */
    async quickFix(entry: string | RegExp): Promise<void> {
        await this.openQuickFixes(entry);
        const row = this.fixes().filter({ hasText: entry }).first();
        await row.click();
    }

    /** Opens the menu; again until `entry` is in it, because findings may still be on their way. */
    async openQuickFixes(entry: string | RegExp): Promise<void> {
        await until(`the quick fix ${String(entry)}`, async () => {
            await this.page.keyboard.press("Control+.");
            const found = await this.fixes()
                .filter({ hasText: entry })
                .first()
                .waitFor({ timeout: 5_000 })
                .then(() => true)
                .catch(() => false);
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
            return hover
                .first()
                .waitFor({ timeout: 5_000 })
                .then(() => true)
                .catch(() => false);
        });
        return hover.first();
    }

    notification(text: string | RegExp): Locator {
        return this.page.locator(".notifications-toasts .notification-list-item", { hasText: text });
    }

    /** A picture of the window, or of a part of it. */
    async picture(name: string, clip?: { x: number; y: number; width: number; height: number }) {
        mkdirSync(screenshots, { recursive: true });
        await this.page.screenshot({
            path: path.join(screenshots, `${name}.png`),
            ...(clip && { clip }),
        });
    }
}
