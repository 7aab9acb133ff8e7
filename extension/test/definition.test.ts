import assert from "node:assert/strict";
import { test } from "node:test";

import { definitionAt } from "../src/definition";

const LINES = [
    "import torch", // 0
    "", // 1
    "class Net(nn.Module):", // 2
    "    def forward(self, x):", // 3
    "        return x", // 4
    "", // 5
    "@torch.no_grad()", // 6
    "def evaluate(", // 7
    "    model,", // 8
    "):", // 9
    "    return model", // 10
    "", // 11
    "print(Net())", // 12
    "async def serve():", // 13
    "    pass", // 14
];

for (const [line, name] of [
    [0, undefined],
    [2, "Net"],
    [4, "Net"],
    [6, "evaluate"],
    [7, "evaluate"],
    [9, "evaluate"],
    [10, "evaluate"],
    [12, undefined],
    [14, "serve"],
    [99, "serve"],
] as const) {
    test(`line ${line} belongs to ${name ?? "nothing"}`, () => {
        assert.equal(definitionAt(LINES, line), name);
    });
}
