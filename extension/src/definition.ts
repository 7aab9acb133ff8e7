/** The top-level class or function around a line of Python. */

const DEFINITION = /^(?:async\s+def|def|class)\s+(\w+)/;

/** Its name, or undefined where `line` belongs to none. */
export function definitionAt(lines: readonly string[], line: number): string | undefined {
    for (let at = Math.min(line, lines.length - 1); at >= 0; at -= 1) {
        const text = lines[at] ?? "";
        const name = DEFINITION.exec(text)?.[1];
        if (name) {
            return name;
        }
        // Other code at the margin; closing brackets of a signature stand there too.
        if (/^[^\s#)\]}@]/.test(text) || (text.startsWith("@") && at !== line)) {
            return undefined;
        }
        if (text.startsWith("@")) {
            return decorated(lines, at);
        }
    }
    return undefined;
}

function decorated(lines: readonly string[], line: number): string | undefined {
    const next = lines.slice(line).find((text) => /^(?:async\s+def|def|class)\s/.test(text));
    return next && DEFINITION.exec(next)?.[1];
}
