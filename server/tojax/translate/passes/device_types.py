"""Comparisons of device types: ``x.device.type == "cuda"`` asks for the platform ``"gpu"``."""

from __future__ import annotations

import ast

from tojax.source.trees import walk
from tojax.translate.context import FileContext


def device_types(context: FileContext) -> None:
    """Compare a device's platform where PyTorch's name of it is compared with constants."""
    for node in context.edits.nodes(ast.Compare):
        match node:
            case (
                ast.Compare(left=ast.Attribute() as asked, comparators=[other])
                | ast.Compare(left=other, comparators=[ast.Attribute() as asked])
            ) if context.name(asked) == "torch.device.type" and _is_constant(other):
                platform = ast.Attribute(asked.value, "platform", ast.Load())
                context.edits.replace(asked, platform)
                context.done.add(asked)
                for part in walk(other):
                    if isinstance(part, ast.Constant) and part.value == "cuda":
                        context.edits.replace(part, ast.Constant("gpu"))


def _is_constant(node: ast.expr) -> bool:
    parts = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    return all(isinstance(part, ast.Constant) for part in parts)
