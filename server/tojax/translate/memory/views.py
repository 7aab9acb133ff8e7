"""What indices and names say of views: which of PyTorch's functions share memory."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tojax.source.kinds import is_array
from tojax.source.trees import walk
from tojax.translate.memory.blocks import ANY, Part

if TYPE_CHECKING:
    from tojax.translate.context import FileContext

PARTS = {"chunk", "dsplit", "hsplit", "split", "tensor_split", "unbind", "vsplit"}
VIEWS = PARTS | {
    "H", "T", "adjoint", "as_strided", "as_tensor", "asarray", "atleast_1d", "atleast_2d",
    "atleast_3d", "broadcast_to", "contiguous", "cpu", "cuda", "data", "detach", "diagonal",
    "dropout", "expand", "expand_as", "flatten", "float", "from_numpy", "imag", "mH", "mT",
    "moveaxis", "movedim", "narrow", "numpy", "permute", "ravel", "real", "requires_grad_",
    "reshape", "reshape_as", "resolve_conj", "select", "squeeze", "swapaxes", "swapdims", "t", "to",
    "transpose", "type_as", "unflatten", "unfold", "unsqueeze", "view", "view_as",
    "view_as_complex", "view_as_real",
}  # fmt: skip


def is_basic(context: FileContext, index: ast.expr) -> bool:
    """Whether an index may make a view: it has neither arrays nor lists."""
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    return not any(
        isinstance(part, ast.List | ast.Compare)
        or is_array(context.kind(part))
        or context.kind(part).tag == "list"
        for part in parts
    )


def is_of_array(context: FileContext, node: ast.Subscript) -> bool:
    """Whether what is indexed is an array; only arrays take several indices."""
    kind = context.kind(node.value)
    return is_array(kind) or (kind.tag == "unknown" and isinstance(node.slice, ast.Tuple))


def item_of(index: ast.expr) -> str:
    """The field for an index: known only for what counts from the start, and for keys."""
    is_known = isinstance(index, ast.Constant) and isinstance(index.value, int | str)
    return f"[{ast.unparse(index)}]" if is_known else ANY


def index_part(index: ast.expr) -> Part:
    """The part that an index gives: ``[:, 0]`` and ``[:, 1]`` are apart."""
    items = index.elts if isinstance(index, ast.Tuple) else [index]
    numbers = [i for i in items if isinstance(i, ast.Constant) and isinstance(i.value, int)]
    if not numbers:
        return Part(ast.unparse(index))
    form = ["_" if item is numbers[-1] else ast.unparse(item) for item in items]
    return Part(", ".join(form), ast.unparse(numbers[-1]))


def is_loader(context: FileContext, iterable: ast.expr) -> bool:
    """Whether iteration over a value gives something new each time, as a data loader's does."""
    parts = [part for part in walk(iterable) if isinstance(part, ast.Name | ast.Attribute)]
    names = [part.id if isinstance(part, ast.Name) else part.attr for part in parts]
    return any("loader" in name.lower() for name in names) or any(
        context.kind(part).tag == "loader" for part in parts
    )
