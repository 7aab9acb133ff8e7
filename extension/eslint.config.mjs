import js from "@eslint/js";
import typescript from "typescript-eslint";

export default typescript.config(
    { ignores: ["dist", "**/*.mjs"] },
    js.configs.recommended,
    typescript.configs.strictTypeChecked,
    typescript.configs.stylisticTypeChecked,
    {
        languageOptions: { parserOptions: { projectService: true } },
        rules: {
            "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
        },
    },
    {
        // node:test returns promises that the runner awaits.
        files: ["test/**"],
        rules: { "@typescript-eslint/no-floating-promises": "off" },
    },
);
