"""What specialising a rule gives."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field


@dataclass
class Result:
    """A specialised rule: the expression, and what it refers to in the output."""

    expression: ast.expr
    imports: set[str] = field(default_factory=set)
    helpers: dict[tuple[str, str], None] = field(default_factory=dict)
    rngs: list[ast.Name] = field(default_factory=list)


class HelperName(ast.Name):
    """A reference to a definition of the rule library that the output must contain."""

    def __init__(self, module: str, name: str) -> None:
        super().__init__(name, ast.Load())
        self.module = module
        self.name = name
