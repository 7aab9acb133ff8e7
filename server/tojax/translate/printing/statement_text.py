"""Text of made statements; original nodes inside them are printed by the `Printer`."""

from __future__ import annotations

import ast
from abc import abstractmethod

from tojax.translate.printing.expression_text import ExpressionText
from tojax.translate.printing.precedence import NAMED, TEST, TUPLE

INDENT = "    "


class StatementText(ExpressionText):
    """Formats made statements as a person would write them."""

    @abstractmethod
    def body(self, statements: list[ast.stmt], indent: str) -> str:
        """Statements at one indentation; the first line is not indented."""

    def made_statement(self, node: ast.stmt, indent: str) -> str:
        """A made statement, without the indentation of its first line."""
        match node:
            case ast.Expr(value=value):
                return self.text_of(value, NAMED)
            case ast.Return(value=None):
                return "return"
            case ast.Return(value=ast.expr() as value):
                return f"return {self._bare(value)}"
            case ast.Assign(targets=targets, value=value):
                left = " = ".join(self._bare(target) for target in targets)
                return f"{left} = {self._bare(value)}"
            case ast.AugAssign(target=target, op=operator, value=value):
                symbol = self.operator(operator)
                return f"{self.text_of(target, TUPLE)} {symbol}= {self.text_of(value, TUPLE)}"
            case ast.AnnAssign(target=target, annotation=annotation, value=ast.expr() as value):
                left = f"{self.text_of(target, TUPLE)}: {self.text_of(annotation, TUPLE)}"
                return f"{left} = {self.text_of(value, TUPLE)}"
            case ast.Assert(test=test, msg=ast.expr() as message):
                return f"assert {self.text_of(test, TEST)}, {self.text_of(message, TEST)}"
            case ast.Delete(targets=targets):
                return "del " + ", ".join(self.text_of(target, TUPLE) for target in targets)
            case ast.Pass():
                return "pass"
            case ast.Nonlocal(names=names):
                return "nonlocal " + ", ".join(names)
            case _:
                return self._compound(node, indent)

    def _compound(self, node: ast.stmt, indent: str) -> str:
        """A made statement that has a body."""
        inner = indent + INDENT
        match node:
            case ast.FunctionDef(name=name, args=arguments, body=body, decorator_list=decorators):
                head = "".join(f"@{self.text_of(d, NAMED)}\n{indent}" for d in decorators)
                returns = f" -> {self.text_of(node.returns, NAMED)}" if node.returns else ""
                signature = f"{head}def {name}({self.arguments(arguments)}){returns}:"
                return f"{signature}\n{inner}{self.body(body, inner)}\n"
            case ast.If(test=test, body=body, orelse=orelse):
                text = f"if {self.text_of(test, NAMED)}:\n{inner}{self.body(body, inner)}"
                if orelse:
                    text += f"\n{indent}else:\n{inner}{self.body(orelse, inner)}"
                return text
            case ast.For(target=target, iter=iterable, body=body):
                head = f"for {self.text_of(target, TUPLE)} in {self.text_of(iterable, TUPLE)}:"
                return f"{head}\n{inner}{self.body(body, inner)}"
            case _:
                return ast.unparse(node)

    def _bare(self, node: ast.expr) -> str:
        """An expression at the top of a statement, where a tuple needs no brackets."""
        if isinstance(node, ast.Tuple) and not self.is_original(node) and len(node.elts) > 1:
            return ", ".join(self.text_of(item, TEST) for item in node.elts)
        return self.text_of(node, TUPLE)
