"""Code that asks for parameters by PyTorch's names: ``if name.endswith("weight")``.

NNX's own layers say ``kernel`` and ``scale``. Where code looks for ``weight`` among the names of
parameters, layers keep PyTorch's, or the question would be answered differently without a word.
"""

from __future__ import annotations

import ast
import re

from tojax.translate.context import FileContext

_GIVE_NAMES = ("named_parameters", "named_buffers", "state_dict")
_ONLY_PYTORCHS = re.compile(r"weight(?!_decay)|running_(mean|var)")
_TEST = {"endswith", "startswith", "find", "count", "index", "split", "rsplit", "replace",
         "partition", "rpartition", "match", "search", "fullmatch", "sub", "removesuffix", "get",
         "pop"}  # fmt: skip


def asks_by_name(context: FileContext) -> bool:
    """Whether a file looks for one of PyTorch's names among those of its parameters."""
    source = context.edits.text.source
    if not any(name in source for name in _GIVE_NAMES) or not _ONLY_PYTORCHS.search(source):
        return False
    return any(
        isinstance(node.value, str)
        and _ONLY_PYTORCHS.search(node.value) is not None
        and _is_sought(context, node)
        for node in context.edits.nodes(ast.Constant)
    )


def _is_sought(context: FileContext, node: ast.AST) -> bool:
    """Whether a text is compared, searched for, or the key of what is looked up."""
    parent = context.edits.parents[node]
    is_listed = isinstance(parent, ast.Tuple | ast.List | ast.Set)
    while isinstance(parent, ast.Tuple | ast.List | ast.Set | ast.comprehension | ast.GeneratorExp):
        parent = context.edits.parents[parent]
    match parent:
        case ast.Compare():
            return True
        case ast.Call(func=ast.Attribute(attr=attr)):
            return attr in _TEST
        case ast.Call(func=ast.Name(id=name)):
            return name in ("any", "all")
        case ast.Subscript():
            return True
        case ast.Assign():  # no_decay = ["bias", "norm.weight"]
            return is_listed
    return False
