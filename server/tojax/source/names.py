"""Names: which ones a statement binds, and what a local name or a dotted expression stands for."""

from __future__ import annotations

import ast
import functools
import json
import re
from collections.abc import Callable, Iterable

from tojax.rules.library import rules_folder
from tojax.source.trees import walk

_CANONICAL = [
    (re.compile(r"^torch\.torch(?=\.|$)"), "torch"),
    (re.compile(r"^torch\.nn\.modules\.(?:\w+\.)?(?=[A-Z]\w*$)"), "torch.nn."),
    (re.compile(r"^torch\.nn\.parameter\."), "torch.nn."),
    (re.compile(r"^torch\.distributions\.[a-z]\w*\.(?=[A-Z])"), "torch.distributions."),
    (re.compile(r"^torch\.distributions\.kl\.(?=kl_|register_kl)"), "torch.distributions."),
    (re.compile(r"^torch\.(?:functional|random)\."), "torch."),
    (re.compile(r"^torch\.serialization\.(?=save$|load$)"), "torch."),
    (re.compile(r"^torch\.compiler\.(?=compile$)"), "torch."),
    (re.compile(r"^torch\.nn\.parallel\.(?:[a-z]\w*\.)?(?=DataParallel$)"), "torch.nn."),
    (re.compile(r"^torch\.(?:cuda|cpu)\.amp\.(?:[a-z]\w*\.(?=\w))?"), "torch.amp."),
    (re.compile(r"^torch\.amp\.(?:autocast_mode|grad_scaler)\."), "torch.amp."),
    (re.compile(r"^torch\.autocast$"), "torch.amp.autocast"),
    (re.compile(r"^torch\.tensor\.Tensor"), "torch.Tensor"),
    (re.compile(r"^torch\._tensor\.Tensor"), "torch.Tensor"),
    (re.compile(r"^torch\.cuda\.(?=[A-Z][A-Za-z0-9]*Tensor$)"), "torch."),
    (re.compile(r"^torch\.optim\.(?!lr_scheduler|swa_utils)[a-z]\w*\.(?=[A-Z])"), "torch.optim."),
    (re.compile(r"^torch\.utils\.data\.[a-z]\w*\.(?=[A-Za-z]\w*$)"), "torch.utils.data."),
]

TORCH_DTYPES = frozenset(
    f"torch.{name}"
    for name in (
        "float32", "float", "float64", "double", "float16", "half", "bfloat16", "uint8", "int8",
        "int16", "short", "int32", "int", "int64", "long", "bool", "complex64", "cfloat",
        "complex128", "cdouble", "complex32", "uint16", "uint32", "uint64",
    )
)  # fmt: skip


@functools.lru_cache(maxsize=4096)
def canonical(name: str) -> str:
    """The public name of a PyTorch object reached through an inner module."""
    if name.startswith("torch."):
        for pattern, replacement in _CANONICAL:
            name = pattern.sub(replacement, name)
    return name


def is_torch(name: str) -> bool:
    """Whether a qualified name belongs to PyTorch, or to the layers that einops makes for it."""
    return name == "torch" or name.startswith(("torch.", "einops.layers.torch"))


def is_tensor_type(name: str) -> bool:
    """Whether a qualified name is ``torch.Tensor``, ``torch.FloatTensor`` or the like."""
    return re.fullmatch(r"torch\.(?:cuda\.)?[A-Za-z0-9]*Tensor", name) is not None


@functools.cache
def _public_names() -> dict[str, frozenset[str]]:
    table = json.loads((rules_folder() / "torch_names.json").read_text(encoding="utf-8"))
    return {owner: frozenset(names) for owner, names in table.items()}


def attributes_of(name: str) -> frozenset[str]:
    """The public attributes of ``torch.Tensor`` or of ``torch.nn.Module``."""
    return _public_names()[name]


def has_public_name(owner: str, name: str) -> bool:
    """Whether a namespace or class of PyTorch's has a public name."""
    return name in _public_names().get(owner, ())


@functools.cache
def is_namespace(name: str) -> bool:
    """Whether a qualified name is that of a package or module of PyTorch's."""
    return name == "torch" or (
        is_torch(name)
        and not name.rpartition(".")[2][:1].isupper()
        and any(f"{owner}.".startswith(f"{name}.") for owner in _public_names())
    )


def imports_torch(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> bool:
    """Whether one name of an import statement is PyTorch's."""
    if isinstance(node, ast.Import):
        return is_torch(alias.name)
    return not node.level and is_torch(node.module or "")


def imported_names(
    statements: Iterable[ast.Import | ast.ImportFrom],
    package: str = "",
    locate: Callable[[str], str] = str,
) -> dict[str, str]:
    """Local name → qualified name, from import statements.

    A star import gives no local name, so nothing can be said about the names it brings.

    Args:
        statements: the statements.
        package: dotted name of the package that relative imports start from.
        locate: gives the qualified name of a module that is imported by an absolute name.
    """
    names: dict[str, str] = {}
    for node in statements:
        if isinstance(node, ast.Import):
            for alias in node.names:
                local = alias.asname or alias.name.partition(".")[0]
                found = locate(alias.name)
                inside = "" if alias.asname else alias.name.removeprefix(local)
                names[local] = found.removesuffix(inside)
        else:
            origin = import_origin(node, package, locate)
            for alias in node.names:
                names[alias.asname or alias.name] = canonical(f"{origin}.{alias.name}".strip("."))
    return names


def bound_names(statement: ast.stmt) -> list[str]:
    """The names that a top-level statement binds."""
    match statement:
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return [alias.asname or alias.name.partition(".")[0] for alias in aliases]
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name]
    return [
        node.id
        for node in walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]


def import_origin(node: ast.ImportFrom, package: str, locate: Callable[[str], str] = str) -> str:
    """The qualified name that a ``from … import`` statement imports from; see `imported_names`."""
    if not node.level:
        return locate(node.module or "")
    parts = package.split(".") if package else []
    kept = parts[: len(parts) - node.level + 1]
    return ".".join([*kept, *([node.module] if node.module else [])])


def dotted(node: ast.expr) -> list[str] | None:
    """``a.b.c`` as its parts, or None for any other expression."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    parts.append(node.id)
    return parts[::-1]
