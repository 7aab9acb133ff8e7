"""What comes from other packages: some are built on PyTorch and bring it along."""

from __future__ import annotations

import ast
import re
import sys

from tojax.source.facts import ClassFacts
from tojax.translate.context import FileContext
from tojax.translate.passes.imports import bound_by

_BUILT_ON_TORCH = {
    "apex", "bitsandbytes", "botorch", "captum", "deepspeed", "detectron2", "diffusers",
    "fairscale", "fairseq", "flash_attn", "fvcore", "gpytorch", "kornia", "lightning", "mmcv",
    "mmengine", "peft", "pyro", "sentence_transformers", "timm", "torchaudio", "torchdata",
    "torchdiffeq", "torchmetrics", "torchtext", "torchvision", "x_transformers", "xformers",
}  # fmt: skip
# rotary_embedding_torch, torch_geometric, vector_quantize_pytorch
_SAYS_SO = re.compile(r"(?:py)?torch_|.*_(?:py)?torch(?:_|$)")


def foreign(context: FileContext) -> None:
    """Report imports of packages that need PyTorch, and modules whose base class is elsewhere."""
    own = {name.partition(".")[0] for name in context.program.modules}
    for node in context.edits.nodes(ast.Import, ast.ImportFrom):
        if isinstance(node, ast.Import):
            modules = {alias.name for alias in node.names}
        elif not node.level and node.module:
            modules = {node.module}
        else:
            continue
        elsewhere = {name for name in modules if context.facts.locate(name) == name}
        packages = {name.partition(".")[0] for name in elsewhere}
        for package in sorted(filter(_is_built_on_torch, packages - own)):
            context.leave(node, "TJ205", package, f"{package} is built on PyTorch")
    for facts in context.facts.classes.values():
        _base(context, facts)


def _is_built_on_torch(package: str) -> bool:
    return package in _BUILT_ON_TORCH or _SAYS_SO.match(package) is not None


def _base(context: FileContext, facts: ClassFacts) -> None:
    """Report a class with a ``forward`` of which it is not known whether it is a module."""
    if "forward" not in facts.methods or context.program.torch_bases(facts):
        return
    imported = {
        bound_by(alias)
        for node in context.edits.nodes(ast.Import, ast.ImportFrom)
        for alias in node.names
    }
    for base, written in zip(facts.bases, facts.node.bases, strict=False):
        root = ast.unparse(written).partition(".")[0]
        known = context.program.member(facts.module, base) or context.program.find(base)
        is_standard = base.partition(".")[0] in sys.stdlib_module_names
        if root in imported and known is None and not is_standard:
            reason = f"its base {ast.unparse(written)} is not among the files that are translated"
            context.leave(written, "TJ205", base, reason)
