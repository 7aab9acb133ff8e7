"""Write `rules/torch_names.json`: the public attributes of PyTorch's tensors and modules.

The analysis tells by them what is a tensor's method without importing PyTorch. Run with the pinned
version; a test fails when the file is out of date.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch

CLASSES = {"torch.Tensor": torch.Tensor, "torch.nn.Module": torch.nn.Module}


def table() -> dict[str, list[str]]:
    """Qualified class name → its public attributes, instance attributes of a module included."""
    found = {
        name: sorted(attribute for attribute in dir(owner) if not attribute.startswith("_"))
        for name, owner in CLASSES.items()
    }
    found["torch.nn.Module"].append("training")
    return found


if __name__ == "__main__":
    target = Path(__file__).parents[1] / "rules" / "torch_names.json"
    target.write_text(json.dumps(table(), indent=0) + "\n", encoding="utf-8")
