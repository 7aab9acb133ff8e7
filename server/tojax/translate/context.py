"""What the passes share while one file is translated."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tojax.nouns import Unresolved
from tojax.rules.index import RuleIndex
from tojax.rules.modules import Rule
from tojax.source.facts import ClassFacts, Function, ModuleFacts
from tojax.source.inference import Inference
from tojax.source.kinds import UNKNOWN, Kind
from tojax.source.program import Program
from tojax.source.trees import walk
from tojax.translate.differentiated import Differentiated
from tojax.translate.edits import Edits

if TYPE_CHECKING:
    from tojax.translate.memory.sharing import Sharing

Init = Literal["flax", "torch"]
"""Like whose layers the parameters of new layers start."""


@dataclass(eq=False)
class FileContext:
    """One file under translation: its edits, and everything the output will need.

    ``exact`` are the layers of which each has a class of its own, although one would do for
    several; ``handed_back`` the functions that return the parameter that they change, with its
    name. ``open_calls`` construct layers without knowing which; ``opened`` are
    the helpers that it may meet. ``restarted`` are the classes without a constructor that override
    what PyTorch's calls. ``draws`` are the made ``rngs`` names, each with the original node at
    which it is printed. ``differentiated`` are the functions made to be differentiated, by the
    statements and expressions in them.
    """

    facts: ModuleFacts
    program: Program
    inference: Inference
    index: RuleIndex
    edits: Edits
    touched: frozenset[str] = frozenset()
    flagged: frozenset[str] = frozenset()
    exact: frozenset[str] = frozenset()
    sharing: Sharing = field(init=False)
    handed_back: dict[Function, str] = field(default_factory=dict)
    freezes: bool = False
    init: Init = "flax"
    open_calls: frozenset[ast.AST] = frozenset()
    imports: set[str] = field(default_factory=set)
    draws: list[tuple[ast.AST, ast.Name]] = field(default_factory=list)
    differentiated: dict[ast.AST, Differentiated] = field(default_factory=dict)
    helpers: dict[tuple[str, str], list[ast.Name]] = field(default_factory=dict)
    opened: set[tuple[str, str]] = field(default_factory=set)
    restarted: set[ClassFacts] = field(default_factory=set)
    rules: dict[str, None] = field(default_factory=dict)
    unresolved: dict[ast.AST, Unresolved] = field(default_factory=dict)
    done: set[ast.AST] = field(default_factory=set)
    kept: set[ast.AST] = field(default_factory=set)

    def kind(self, node: ast.AST) -> Kind:
        """Kind of an original expression."""
        return self.inference.kinds.get(node, UNKNOWN)

    def name(self, node: ast.AST) -> str:
        """Qualified PyTorch name of an original expression, or an empty string."""
        return self.inference.names.get(node, "")

    def layer(self, name: str) -> Rule | None:
        """The rule for a layer of PyTorch's as a class."""
        exact = self.index.exact_layer(name) if name in self.exact else None
        found = exact or self.index.layers.get(name)
        return found or (self.index.classes.get(name) if name in self.touched else None)

    def leave(self, node: ast.AST, code: str, name: str, reason: str) -> None:
        """Leave a construct as it is, marked in the output and listed as unresolved.

        The first reason stands: a later pass only finds what an earlier one has left.
        """
        if node in self.unresolved:
            return
        start, end = self.edits.spans.get(node) or self.edits.spans[self.edits.statement_of(node)]
        place = self.edits.text.range(start, end)
        self.unresolved[node] = Unresolved(code=code, name=name, reason=reason, range=place)
        self.edits.note(node, f"TODO(tojax): {code} {reason}")
        self.kept.update(walk(node))

    def leave_unknown(self, node: ast.AST, name: str) -> None:
        """Leave a use of a PyTorch name that has no rule, with the library's advice on it."""
        advice = self.index.advice(name)
        self.leave(node, "TJ201", name, f"{name}: {advice}" if advice else f"no rule for {name}")

    def helper(self, module: str, name: str) -> ast.Name:
        """A reference to a definition of the rule library, to be copied into the output."""
        reference = ast.Name(name, ast.Load())
        self.helpers.setdefault((module, name), []).append(reference)
        return reference

    def enclosing_function(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The innermost function around an original node."""
        current = self.edits.parents.get(node)
        while current is not None:
            if isinstance(current, ast.FunctionDef | ast.AsyncFunctionDef):
                return current
            current = self.edits.parents.get(current)
        return None

    def enclosing_class(self, node: ast.AST) -> ast.ClassDef | None:
        """The class whose method an original node is in."""
        current = self.edits.parents.get(node)
        while current is not None and not isinstance(current, ast.ClassDef):
            current = self.edits.parents.get(current)
        return current if isinstance(current, ast.ClassDef) else None
