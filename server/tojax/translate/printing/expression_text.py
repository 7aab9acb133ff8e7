"""Text of made expressions; original nodes inside them are printed by the `Printer`."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod

from tojax.translate.edits import Source
from tojax.translate.printing.precedence import ATOM, NAMED, TEST, precedence, required

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.MatMult: "@", ast.Pow: "**", ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|",
    ast.BitXor: "^", ast.BitAnd: "&", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=",
    ast.Gt: ">", ast.GtE: ">=", ast.Is: "is", ast.IsNot: "is not", ast.In: "in",
    ast.NotIn: "not in", ast.And: "and", ast.Or: "or", ast.Not: "not ", ast.Invert: "~",
    ast.UAdd: "+", ast.USub: "-",
}  # fmt: skip


class ExpressionText(ABC):
    """Formats made expressions as a person would write them."""

    @abstractmethod
    def expression(self, node: ast.expr) -> tuple[str, int]:
        """Text and precedence of an expression, original or made."""

    @abstractmethod
    def is_original(self, node: ast.AST) -> bool:
        """Whether a node comes from the parsed source."""

    def operator(self, node: ast.AST) -> str:
        """The symbol of an operator node."""
        return _OPERATORS[type(node)]

    def text_of(self, node: ast.expr, level: int) -> str:
        """An expression where at least precedence ``level`` is needed."""
        text, own = self.expression(node)
        return f"({text})" if own < level or (own < ATOM and "\n" in text) else text

    def _inside(self, parent: ast.AST, child: ast.expr) -> str:
        text, own = self.expression(child)
        level = required(parent, child)
        bracketed = level <= TEST
        return (
            f"({text})" if own < level or (own < ATOM and "\n" in text and not bracketed) else text
        )

    def made(self, node: ast.expr) -> tuple[str, int]:
        """Text and precedence of a made expression."""
        match node:
            case Source(text=text, precedence=level):
                return text, level
            case ast.Constant(value=value):
                return _constant(value), ATOM
            case ast.Name(id=name):
                return name, ATOM
            case ast.Attribute(value=base, attr=attr):
                text = self._inside(node, base)
                is_number = isinstance(base, ast.Constant) and isinstance(base.value, int)
                return (f"({text}).{attr}" if is_number else f"{text}.{attr}"), ATOM
            case ast.Call():
                return self._call(node), ATOM
            case ast.Subscript(value=base, slice=index):
                return f"{self._inside(node, base)}[{self._index(index)}]", ATOM
            case ast.BinOp(left=left, op=operator, right=right):
                symbol = self.operator(operator)
                return (
                    f"{self._inside(node, left)} {symbol} {self._inside(node, right)}",
                    precedence(node),
                )
            case ast.UnaryOp(op=operator, operand=operand):
                return f"{self.operator(operator)}{self._inside(node, operand)}", precedence(node)
            case ast.BoolOp(op=operator, values=values):
                symbol = f" {self.operator(operator)} "
                return symbol.join(self._inside(node, value) for value in values), precedence(node)
            case ast.Compare(left=left, ops=operators, comparators=comparators):
                text = self._inside(node, left)
                for comparison, comparator in zip(operators, comparators, strict=True):
                    text += f" {self.operator(comparison)} {self._inside(node, comparator)}"
                return text, precedence(node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                parts = [self._inside(node, part) for part in (body, test, orelse)]
                return f"{parts[0]} if {parts[1]} else {parts[2]}", TEST
            case _:
                return self._display(node)

    def _display(self, node: ast.expr) -> tuple[str, int]:
        match node:
            case ast.Tuple(elts=items):
                inner = ", ".join(self._inside(node, item) for item in items)
                return f"({inner},)" if len(items) == 1 else f"({inner})", ATOM
            case ast.List(elts=items):
                return f"[{', '.join(self._inside(node, item) for item in items)}]", ATOM
            case ast.Set(elts=items):
                return f"{{{', '.join(self._inside(node, item) for item in items)}}}", ATOM
            case ast.Dict(keys=keys, values=values):
                pairs = [
                    f"{self._inside(node, key)}: {self._inside(node, value)}"
                    if key is not None
                    else f"**{self.text_of(value, ATOM)}"
                    for key, value in zip(keys, values, strict=True)
                ]
                return f"{{{', '.join(pairs)}}}", ATOM
            case ast.Starred(value=value):
                return f"*{self._inside(node, value)}", ATOM
            case ast.Lambda(args=arguments, body=body):
                head = self.arguments(arguments)
                return f"lambda {head}: {self._inside(node, body)}" if head else (
                    f"lambda: {self._inside(node, body)}"
                ), TEST
            case ast.NamedExpr(target=target, value=value):
                return f"{self.text_of(target, ATOM)} := {self.text_of(value, TEST)}", NAMED
            case ast.JoinedStr(values=values):
                return self._fstring(values), ATOM
            case ast.ListComp(elt=element, generators=generators):
                return f"[{self._inside(node, element)}{self._generators(generators)}]", ATOM
            case ast.SetComp(elt=element, generators=generators):
                return f"{{{self._inside(node, element)}{self._generators(generators)}}}", ATOM
            case ast.GeneratorExp(elt=element, generators=generators):
                return f"({self._inside(node, element)}{self._generators(generators)})", ATOM
            case ast.DictComp(key=key, value=value, generators=generators):
                pair = f"{self._inside(node, key)}: {self._inside(node, value)}"
                return f"{{{pair}{self._generators(generators)}}}", ATOM
            case ast.Slice():
                return self._index(node), ATOM
            case _:
                return ast.unparse(node), precedence(node)

    def _generators(self, generators: list[ast.comprehension]) -> str:
        text = ""
        for generator in generators:
            target = self.expression(generator.target)[0]
            target = target[1:-1] if target.startswith("(") and target.endswith(")") else target
            text += f" for {target} in {self._inside(generator, generator.iter)}"
            text += "".join(f" if {self._inside(generator, test)}" for test in generator.ifs)
        return text

    def _call(self, node: ast.Call) -> str:
        if len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp) and not node.keywords:
            text, _ = self.expression(node.args[0])
            return self._inside(node, node.func) + (text if text.startswith("(") else f"({text})")
        arguments = [self._inside(node, argument) for argument in node.args]
        for keyword in node.keywords:
            value = self.text_of(keyword.value, TEST)
            arguments.append(f"{keyword.arg}={value}" if keyword.arg else f"**{value}")
        return f"{self._inside(node, node.func)}({', '.join(arguments)})"

    def _index(self, node: ast.expr) -> str:
        match node:
            case ast.Slice(lower=lower, upper=upper, step=step):
                text = f"{self._optional(lower)}:{self._optional(upper)}"
                return f"{text}:{self._optional(step)}" if step is not None else text
            case ast.Tuple(elts=items) if items and not self.is_original(node):
                inner = ", ".join(self._index(item) for item in items)
                return f"{inner}," if len(items) == 1 else inner
            case _:
                return self.expression(node)[0]

    def _optional(self, node: ast.expr | None) -> str:
        return self.text_of(node, TEST) if node is not None else ""

    def arguments(self, node: ast.arguments) -> str:
        """The parameters of a made function or lambda."""
        parts: list[str] = []
        positional = [*node.posonlyargs, *node.args]
        missing = len(positional) - len(node.defaults)
        for number, argument in enumerate(positional):
            default = node.defaults[number - missing] if number >= missing else None
            parts.append(self._argument(argument, default))
        if node.vararg is not None:
            parts.append(f"*{node.vararg.arg}")
        elif node.kwonlyargs:
            parts.append("*")
        for argument, default in zip(node.kwonlyargs, node.kw_defaults, strict=True):
            parts.append(self._argument(argument, default))
        if node.kwarg is not None:
            parts.append(f"**{node.kwarg.arg}")
        return ", ".join(parts)

    def _argument(self, node: ast.arg, default: ast.expr | None) -> str:
        annotation = f": {self.text_of(node.annotation, TEST)}" if node.annotation else ""
        if default is None:
            return f"{node.arg}{annotation}"
        equals = " = " if annotation else "="
        return f"{node.arg}{annotation}{equals}{self.text_of(default, TEST)}"

    def _fstring(self, values: list[ast.expr]) -> str:
        parts: list[str] = []
        for value in values:
            if isinstance(value, ast.Constant):
                literal = str(value.value).replace("\\", "\\\\").replace("\n", "\\n")
                parts.append(literal.replace("\t", "\\t").replace("{", "{{").replace("}", "}}"))
            elif isinstance(value, ast.FormattedValue):
                text = self.text_of(value.value, TEST)
                text = f" {text}" if text.startswith("{") else text
                conversion = f"!{chr(value.conversion)}" if value.conversion >= 0 else ""
                spec = ""
                if isinstance(value.format_spec, ast.JoinedStr):
                    spec = ":" + self._fstring(value.format_spec.values)[2:-1]
                parts.append("{" + text + conversion + spec + "}")
        body = "".join(parts)
        for quote in ('"', "'", '"""', "'''"):
            if quote not in body and not body.endswith(quote[0]):
                return f"f{quote}{body}{quote}"
        return f'f"{body}"'


def _constant(value: object) -> str:
    if isinstance(value, str):
        text = repr(value)
        return f'"{text[1:-1]}"' if text.startswith("'") and '"' not in text else text
    if isinstance(value, float) and value == float("inf"):
        return 'float("inf")'
    if isinstance(value, float) and 0 < abs(value) < 1e-3:
        return repr(value).replace("e-0", "e-")
    return "..." if value is ... else repr(value)
