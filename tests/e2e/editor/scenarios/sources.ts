/** PyTorch that the scenarios open. */

export const NET = `import torch
import torch.nn as nn
import torch.nn.functional as F


# tojax: init=(16, 4) inputs=(float32[8, 16],)
class Net(nn.Module):
    """Two layers; the first class is switched off."""

    def __init__(self, features: int, classes: int):
        super().__init__()
        self.hidden = nn.Linear(features, 32)
        self.head = nn.Linear(32, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.gelu(self.hidden(x))
        scores = self.head(x)
        scores[:, 0] = 0.0
        return scores
`;

export const BLOCK = `import torch
from torch import nn


# tojax: init=(8,) inputs=(float32[2, 5, 8],)
class Block(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.mix = nn.Linear(width, width, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + torch.relu(self.mix(self.norm(x)))
`;

/** Uses modules of other files, and has nothing of its own to call. */
export const MAIN = `from block import Block
from net import Net


def build(features: int, classes: int):
    return Net(features, classes), Block(classes)
`;

export const DATA = `COLOURS = ["red", "green"]
`;

/** Says that it runs, by a file with this path, and then takes its time. */
export const slow = (started: string) => `import pathlib
import time

import torch
from torch import nn


# tojax: inputs=(float32[2, 3],)
class Slow(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pathlib.Path("${started}").touch()
        time.sleep(600)
        return x
`;

/** Code that leaves a file in its folder when anybody runs it. */
export function leavingMark(name: string): string {
    return `import pathlib\n\npathlib.Path(__file__).with_name("${name}").touch()\n`;
}

/** A notebook with code cells. */
export function notebook(cells: readonly string[]): string {
    return JSON.stringify(
        {
            cells: cells.map((text, index) => ({
                cell_type: "code",
                execution_count: null,
                id: `cell-${index}`,
                metadata: {},
                outputs: [],
                source: text.split(/(?<=\n)/),
            })),
            metadata: {
                kernelspec: { display_name: "Python 3", language: "python", name: "python3" },
                language_info: { name: "python" },
            },
            nbformat: 4,
            nbformat_minor: 5,
        },
        null,
        1,
    );
}
