"""Constructs: the places of a block where PyTorch is used, as `tojax check` matches them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from tojax.nouns import Position, Range
from tojax.source.blocks import Parsed
from tojax.source.evidence import says_tensor
from tojax.source.facts import Function, ModuleFacts
from tojax.source.infer import Inference
from tojax.source.kinds import MASK, UNKNOWN, Kind, is_array
from tojax.source.names import import_origin, is_torch

ConstructKind = Literal[
    "import",
    "call",
    "method",
    "attribute",
    "set-item",
    "aug-set-item",
    "aug-assign",
    "branch",
    "iterate",
    "mask-index",
    "module-list",
    "subclass",
]
_NO_GRAD = {"torch.no_grad", "torch.inference_mode"}


class Construct(NamedTuple):
    """One place where PyTorch is used.

    ``name`` is the qualified PyTorch name, empty for kinds that are about an array's value.
    ``arguments`` are the positions and keywords given to a call (``("0", "momentum")``), ``within``
    tells where it stands: ``class``, ``module`` (a class that is an `nn.Module`), ``function``,
    ``forward``, ``init``, ``loop``, ``no_grad``. ``place`` is its first and last line and column.
    """

    kind: ConstructKind
    name: str
    place: tuple[int, int, int, int]
    arguments: tuple[str, ...] = ()
    within: tuple[str, ...] = ()

    @property
    def range(self) -> Range:
        """Its range, lines and columns from zero, columns in code points."""
        line, column, end_line, end_column = self.place
        return Range(
            start=Position(line=line, column=column),
            end=Position(line=end_line, column=end_column),
        )

    def moved(self, lines: int) -> Construct:
        """The same construct, that many lines further down."""
        line, column, end_line, end_column = self.place
        return self._replace(place=(line + lines, column, end_line + lines, end_column))


def block_constructs(parsed: Parsed, module: ModuleFacts, inference: Inference) -> list[Construct]:
    """The constructs of one block in order of position, lines counted from the block's first.

    Args:
        parsed: the block.
        module: the file that the block is in.
        inference: kinds and names of the file's expressions.
    """
    walk = _Walk(parsed, module, inference)
    walk.statements(parsed.tree.body, ())
    walk.found.sort(key=_start)
    return walk.found


def _start(construct: Construct) -> tuple[int, int]:
    return construct.place[:2]


class _Walk:
    """One pass over a block."""

    def __init__(self, parsed: Parsed, module: ModuleFacts, inference: Inference) -> None:
        self.found: list[Construct] = []
        self._lines = None if parsed.text.isascii() else parsed.lines
        self._module = module
        self._inference = inference
        self._names = inference.names
        self._kinds = inference.kinds
        self._handlers: dict[type, Callable[..., None]] = {
            getattr(ast, name.removeprefix("_on_")): getattr(self, name)
            for name in dir(self)
            if name.startswith("_on_")
        }

    def statements(self, body: Iterable[ast.AST | None], within: tuple[str, ...]) -> None:
        """Visit nodes in order."""
        handlers = self._handlers
        for node in body:
            handler = handlers.get(node.__class__)
            if handler is not None:
                handler(node, within)
            elif node is not None:  # keyword-only parameters without default have None
                self._children(node, within)

    def _visit(self, node: ast.AST | None, within: tuple[str, ...]) -> None:
        if node is not None:
            self.statements((node,), within)

    def _children(self, node: ast.AST, within: tuple[str, ...]) -> None:
        for name in node._fields:
            value = getattr(node, name, None)
            if value.__class__ is list:
                self.statements(value, within)
            elif isinstance(value, ast.AST):
                self.statements((value,), within)

    def _add(
        self,
        kind: ConstructKind,
        name: str,
        node: ast.expr | ast.stmt | ast.alias,
        within: tuple[str, ...],
        arguments: tuple[str, ...] = (),
    ) -> None:
        line, end_line = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        column, end_column = node.col_offset, node.end_col_offset or 0
        if self._lines is not None:
            column = len(self._lines[line].encode()[:column].decode(errors="ignore"))
            end_column = len(self._lines[end_line].encode()[:end_column].decode(errors="ignore"))
        place = (line, column, end_line, end_column)
        self.found.append(Construct(kind, name, place, arguments, within))

    def _kind(self, node: ast.expr | None) -> Kind:
        return self._kinds.get(node, UNKNOWN) if node is not None else UNKNOWN

    def _is_array(self, node: ast.expr | None) -> bool:
        return is_array(self._kind(node))

    # definitions and imports

    def _on_Import(self, node: ast.Import, within: tuple[str, ...]) -> None:
        for alias in node.names:
            if is_torch(alias.name):
                self._add("import", alias.name, alias, within)

    def _on_ImportFrom(self, node: ast.ImportFrom, within: tuple[str, ...]) -> None:
        origin = import_origin(node, "")
        if not node.level and is_torch(origin):
            for alias in node.names:
                name = origin if alias.name == "*" else f"{origin}.{alias.name}"
                self._add("import", name, alias, within)

    def _on_ClassDef(self, node: ast.ClassDef, within: tuple[str, ...]) -> None:
        self.statements(node.decorator_list, within)
        facts = self._module.class_of[node]
        for base in node.bases:
            names = self._inference.program.torch_bases_of(facts, base)
            for name in names[:1]:
                self._add("subclass", name, base, within)
            if not names:
                self._visit(base, within)
        self.statements(node.keywords, within)
        tags = ["class"]
        if self._inference.program.is_layer(facts):
            tags.append("module")
        self.statements(node.body, (*tags, *(tag for tag in within if tag == "no_grad")))

    def _on_FunctionDef(self, node: Function, within: tuple[str, ...]) -> None:
        self.statements(node.decorator_list, within)
        self._visit(node.args, within)
        self._visit(node.returns, within)
        tags = [tag for tag in within if tag != "loop"]
        method = "function" not in tags
        if method:
            tags.append("function")
            if "class" in tags and node.name == "__init__":
                tags.append("init")
            elif "module" in tags and node.name in ("forward", "__call__"):
                tags.append("forward")
        if "no_grad" not in tags and any(map(self._turns_off_gradients, node.decorator_list)):
            tags.append("no_grad")
        self.statements(node.body, tuple(tags))

    _on_AsyncFunctionDef = _on_FunctionDef

    def _turns_off_gradients(self, node: ast.expr) -> bool:
        callee = node.func if isinstance(node, ast.Call) else node
        return self._names.get(callee) in _NO_GRAD

    # statements

    def _on_For(self, node: ast.For | ast.AsyncFor, within: tuple[str, ...]) -> None:
        if self._is_array(node.iter):
            self._add("iterate", "", node.iter, within)
        self._visit(node.iter, within)
        self._visit(node.target, within)
        self.statements(node.body, _with_tag(within, "loop"))
        self.statements(node.orelse, within)

    _on_AsyncFor = _on_For

    def _on_While(self, node: ast.While, within: tuple[str, ...]) -> None:
        inner = _with_tag(within, "loop")
        self._test(node.test, inner)
        self.statements(node.body, inner)
        self.statements(node.orelse, within)

    def _on_If(self, node: ast.If, within: tuple[str, ...]) -> None:
        self._test(node.test, within)
        self.statements(node.body, within)
        self.statements(node.orelse, within)

    def _on_Assert(self, node: ast.Assert, within: tuple[str, ...]) -> None:
        self._test(node.test, within)
        self._visit(node.msg, within)

    def _on_With(self, node: ast.With | ast.AsyncWith, within: tuple[str, ...]) -> None:
        self.statements(node.items, within)
        if any(self._turns_off_gradients(item.context_expr) for item in node.items):
            within = _with_tag(within, "no_grad")
        self.statements(node.body, within)

    _on_AsyncWith = _on_With

    def _on_Assign(self, node: ast.Assign, within: tuple[str, ...]) -> None:
        self._visit(node.value, within)
        for target in node.targets:
            self._target(target, within)
            if isinstance(target, ast.Attribute) and self._holds_modules(node.value):
                self._add("module-list", "", node.value, within)

    def _on_AnnAssign(self, node: ast.AnnAssign, within: tuple[str, ...]) -> None:
        self._visit(node.annotation, within)
        self._visit(node.value, within)
        self._target(node.target, within)
        if isinstance(node.target, ast.Attribute) and self._holds_modules(node.value):
            self._add("module-list", "", node.value or node.target, within)

    def _on_AugAssign(self, node: ast.AugAssign, within: tuple[str, ...]) -> None:
        target = node.target
        self._visit(node.value, within)
        if isinstance(target, ast.Subscript):
            if self._is_array(target.value):
                self._add("aug-set-item", "", target, within)
            self._visit(target.value, within)
            self._visit(target.slice, within)
            return
        if self._is_array(target):
            self._add("aug-assign", "", target, within)
        self._visit(target, within)

    def _target(self, target: ast.expr, within: tuple[str, ...]) -> None:
        """What an assignment stores into."""
        if isinstance(target, ast.Tuple | ast.List):
            for item in target.elts:
                self._target(item, within)
        elif isinstance(target, ast.Subscript):
            if self._is_array(target.value):
                self._add("set-item", "", target, within)
            self._visit(target.value, within)
            self._visit(target.slice, within)
        else:
            self._visit(target, within)

    def _holds_modules(self, value: ast.expr | None) -> bool:
        """Whether a value is a plain Python list, tuple or dict of layers."""
        if isinstance(value, ast.Dict):
            return any(self._kind(item).tag == "module" for item in value.values)
        kind = self._kind(value)
        return kind.tag in ("list", "tuple") and any(item.tag == "module" for item in kind.items)

    # expressions

    def _test(self, node: ast.expr, within: tuple[str, ...]) -> None:
        """The condition of a branch."""
        if self._is_value(node):
            self._add("branch", "", node, within)
        self._visit(node, within)

    def _is_value(self, node: ast.expr) -> bool:
        """Whether the truth of an expression is that of an array."""
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._is_value(operand)
            case ast.BoolOp(values=values):
                return any(self._is_value(value) for value in values)
            case ast.Call(func=ast.Name(id="bool"), args=[argument]):
                return self._is_value(argument)
        return self._is_array(node)

    def _on_IfExp(self, node: ast.IfExp, within: tuple[str, ...]) -> None:
        self._test(node.test, within)
        self._visit(node.body, within)
        self._visit(node.orelse, within)

    def _on_comprehension(self, node: ast.comprehension, within: tuple[str, ...]) -> None:
        if self._is_array(node.iter):
            self._add("iterate", "", node.iter, within)
        self._visit(node.iter, within)
        self._visit(node.target, within)
        for test in node.ifs:
            self._test(test, within)

    def _on_Subscript(self, node: ast.Subscript, within: tuple[str, ...]) -> None:
        index = node.slice
        items = index.elts if isinstance(index, ast.Tuple) else [index]
        if (
            isinstance(node.ctx, ast.Load)
            and self._is_array(node.value)
            and any(self._kind(item) == MASK for item in items)
        ):
            self._add("mask-index", "", node, within)
        self._visit(node.value, within)
        self._visit(index, within)

    def _on_Call(self, node: ast.Call, within: tuple[str, ...]) -> None:
        callee = node.func
        name = self._torch_name(callee)
        if name:
            if isinstance(callee, ast.Attribute) and self._kind(callee.value).tag != "torch":
                self._add("method", name, node, within, _arguments(node))
                self._visit(callee.value, within)
            else:
                self._add("call", name, node, within, _arguments(node))
        else:
            if self._appends_module(node):
                self._add("module-list", "", node, within)
            self._visit(callee, within)
        self.statements(node.args, within)
        self.statements(node.keywords, within)

    def _appends_module(self, node: ast.Call) -> bool:
        """Whether a layer is appended to a list that is an attribute."""
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute() as owner, attr="append"), args=[item]
            ):
                return self._kind(owner).tag == "list" and self._kind(item).tag == "module"
        return False

    def _on_Attribute(self, node: ast.Attribute, within: tuple[str, ...]) -> None:
        name = self._torch_name(node)
        if name:
            self._add("attribute", name, node, within)
        if not name or self._kind(node.value).tag != "torch":
            self._visit(node.value, within)

    def _on_Name(self, node: ast.Name, within: tuple[str, ...]) -> None:
        name = self._names.get(node)
        if name and is_torch(name):
            self._add("attribute", name, node, within)

    def _torch_name(self, node: ast.expr) -> str:
        """The PyTorch name of an expression, if it is certain enough to speak of."""
        name = self._names.get(node, "")
        if not name or not is_torch(name):
            return ""
        if isinstance(node, ast.Attribute) and self._kind(node.value) == UNKNOWN:
            return name if says_tensor(node.attr, self._inference.tensor_names) else ""
        return name


def _with_tag(within: tuple[str, ...], tag: str) -> tuple[str, ...]:
    return within if tag in within else (*within, tag)


def _arguments(node: ast.Call) -> tuple[str, ...]:
    """Positions and keywords that a call gives, up to where unpacking hides them."""
    given: list[str] = []
    for position, argument in enumerate(node.args):
        if isinstance(argument, ast.Starred):
            break
        given.append(str(position))
    return (*given, *(keyword.arg for keyword in node.keywords if keyword.arg))
