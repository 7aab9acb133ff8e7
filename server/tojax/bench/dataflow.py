"""Where the values of variables come from, as CodeBLEU compares it (Ren et al. 2020, section 3.3).

Names stand for variables by the order in which they appear in a function, and places are left out,
so that renaming changes nothing. A function, like the code outside of functions, is a unit of its
own, as the functions are that the paper compares. Imported and defined names, and builtins, are no
variables; an attribute of ``self`` is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tojax.bench.syntax_trees import code_children, text

if TYPE_CHECKING:
    from tree_sitter import Node

Relation = Literal["comes from", "computed from"]
Flow = tuple[int, Relation, tuple[int, ...]]

# The fields of what binds a name, and of what the name then holds.
_BINDERS = {
    "assignment": ("left", "right"),
    "augmented_assignment": ("left", "right"),
    "named_expression": ("name", "value"),
    "for_statement": ("left", "right"),
    "for_in_clause": ("left", "right"),
}
_OWNER = {"subscript": "value", "attribute": "object"}
_PARAMETERS = ("parameters", "lambda_parameters")


def dataflow(root: Node) -> Counter[Flow]:
    """How often a variable takes its value from which others, over all units of a tree."""
    found: Counter[Flow] = Counter()
    units = [(root, frozenset[str]())]
    while units:
        node, outer = units.pop()
        unit = _Unit(outer | _bound(node), [], [])
        unit.walk_children(node)
        found.update(unit.numbered())
        units += [(inner, unit.variables) for inner in unit.inner]
    return found


def _bound(unit: Node) -> frozenset[str]:
    """The variables that a unit binds."""
    names: set[str] = set()
    nodes = code_children(unit)
    while nodes:
        node = nodes.pop()
        if node.type in _PARAMETERS:
            names.update(name for item in node.named_children for name in _parameter(item))
        elif node.type in _BINDERS:
            target = node.child_by_field_name(_BINDERS[node.type][0])
            names.update(_targets(target))
        elif node.type == "as_pattern_target":
            names.update(_targets(node))
        if node.type != "function_definition":
            nodes += code_children(node)
    return frozenset(names)


def _parameter(node: Node) -> Iterator[str]:
    """The name of a parameter."""
    if node.type == "identifier":
        yield text(node)
    elif named := node.child_by_field_name("name"):
        yield text(named)
    elif node.named_children:  # typed, or starred
        yield from _parameter(node.named_children[0])


def _targets(node: Node | None) -> Iterator[str]:
    """The variables that an assignment to this changes: of ``x[i]`` and ``x.y``, ``x``."""
    if node is None:
        return
    if name := _variable(node):
        yield name
    elif node.type in _OWNER:
        yield from _targets(node.child_by_field_name(_OWNER[node.type]))
    else:
        for child in node.named_children:
            yield from _targets(child)


def _variable(node: Node) -> str | None:
    """A name, or an attribute of ``self``."""
    if node.type == "identifier":
        return text(node)
    if node.type == "attribute":
        owner = node.child_by_field_name("object")
        if owner is not None and text(owner) == "self":
            return text(node)
    return None


@dataclass
class _Unit:
    """The flows of one unit by name, and the functions in it."""

    variables: frozenset[str]
    flows: list[tuple[str, Relation, tuple[str, ...]]]
    inner: list[Node]

    def walk(self, node: Node) -> None:
        if node.type == "function_definition":
            self.inner.append(node)
        elif node.type in _PARAMETERS:
            self._parameters(node)
        elif node.type in _BINDERS:
            self._binding(node)
        elif node.type == "as_pattern":
            self._flow(node.child_by_field_name("alias"), node.named_children[0])
        elif node.type == "keyword_argument":
            self._walk_field(node, "value")
        elif name := self._known(node):
            self.flows.append((name, "comes from", (name,)))
        elif node.type == "attribute":
            self._walk_field(node, "object")
        else:
            self.walk_children(node)

    def walk_children(self, node: Node) -> None:
        for child in code_children(node):
            self.walk(child)

    def numbered(self) -> Iterator[Flow]:
        """The flows with numbers for names, in order of appearance."""
        numbers: dict[str, int] = {}
        for target, relation, sources in self.flows:
            for name in (*sources, target):
                numbers.setdefault(name, len(numbers))
            yield numbers[target], relation, tuple(numbers[name] for name in sources)

    def _known(self, node: Node) -> str | None:
        name = _variable(node)
        if name is None or name in self.variables or name.startswith("self."):
            return name
        return None

    def _parameters(self, node: Node) -> None:
        for item in node.named_children:
            self.flows += [(name, "comes from", ()) for name in _parameter(item)]
            self._walk_field(item, "value")

    def _binding(self, node: Node) -> None:
        target, value = (node.child_by_field_name(field) for field in _BINDERS[node.type])
        self._flow(target, value, adds=node.type == "augmented_assignment")
        for child in code_children(node):
            if child not in (target, value) and child.type != "type":
                self.walk(child)

    def _flow(self, target: Node | None, value: Node | None, *, adds: bool = False) -> None:
        """A binding: what is read for it, then what is bound."""
        before = len(self.flows)
        if value is not None:
            self.walk(value)
        bound = list(dict.fromkeys(_targets(target)))
        read = [name for name, relation, _ in self.flows[before:] if relation == "comes from"]
        for name in bound:
            sources = dict.fromkeys([*([name] if adds else []), *read])
            self.flows.append((name, "computed from", tuple(sources)))

    def _walk_field(self, node: Node, field: str) -> None:
        child = node.child_by_field_name(field)
        if child is not None:
            self.walk(child)
