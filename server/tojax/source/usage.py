"""How code uses PyTorch, by what inference knows of its expressions."""

from __future__ import annotations

import ast

from tojax.source.inference import Inference
from tojax.source.inference.evidence import says_tensor
from tojax.source.kinds import MASK, UNKNOWN, Kind, is_array
from tojax.source.names import is_torch

_NO_GRAD = {"torch.no_grad", "torch.inference_mode"}


class Usage:
    """Answers what an expression is to PyTorch."""

    def __init__(self, inference: Inference) -> None:
        self._kinds = inference.kinds
        self._names = inference.names
        self._tensor_names = inference.rules.tensor_names

    def kind(self, node: ast.expr | None) -> Kind:
        """Kind of an expression."""
        return self._kinds.get(node, UNKNOWN) if node is not None else UNKNOWN

    def is_array(self, node: ast.expr | None) -> bool:
        """Whether an expression is a tensor."""
        return is_array(self.kind(node))

    def is_of_package(self, node: ast.expr) -> bool:
        """Whether an expression names something of PyTorch's itself, as ``nn.functional`` does."""
        return self.kind(node).tag == "torch"

    def torch_name(self, node: ast.expr) -> str:
        """The PyTorch name of an expression, if it is certain enough to speak of."""
        name = self._names.get(node, "")
        if not name or not is_torch(name):
            return ""
        if isinstance(node, ast.Attribute) and self.kind(node.value) == UNKNOWN:
            return name if says_tensor(node.attr, self._tensor_names) else ""
        return name

    def is_array_truth(self, node: ast.expr) -> bool:
        """Whether the truth of an expression is that of an array."""
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self.is_array_truth(operand)
            case ast.BoolOp(values=values):
                return any(self.is_array_truth(value) for value in values)
            case ast.Call(func=ast.Name(id="bool"), args=[argument]):
                return self.is_array_truth(argument)
        return self.is_array(node)

    def is_mask_index(self, node: ast.Subscript) -> bool:
        """Whether ``x[mask]`` reads the elements of an array where another one is true."""
        items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return (
            isinstance(node.ctx, ast.Load)
            and self.is_array(node.value)
            and any(self.kind(item) == MASK for item in items)
        )

    def holds_modules(self, value: ast.expr | None) -> bool:
        """Whether a value is a plain Python list, tuple or dict of layers."""
        if isinstance(value, ast.Dict):
            return any(self.kind(item).tag == "module" for item in value.values)
        kind = self.kind(value)
        return kind.tag in ("list", "tuple") and any(item.tag == "module" for item in kind.items)

    def appends_module(self, node: ast.Call) -> bool:
        """Whether a layer is appended to a list that is an attribute."""
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute() as owner, attr="append"), args=[item]
            ):
                return self.kind(owner).tag == "list" and self.kind(item).tag == "module"
        return False

    def turns_off_gradients(self, node: ast.expr) -> bool:
        """Whether a decorator or context manager is ``torch.no_grad`` or its like."""
        callee = node.func if isinstance(node, ast.Call) else node
        return self._names.get(callee) in _NO_GRAD
