"""Python code as tree-sitter sees it: tokens, and subtrees without names and values.

Comments and strings that stand alone (docstrings) are no code here.
"""

from __future__ import annotations

import functools
import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser


@functools.cache
def _parser() -> Parser:
    import tree_sitter
    import tree_sitter_python

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))


def parse(code: str) -> Node:
    """The root of the tree; of code with errors, the tree around them."""
    return _parser().parse(code.encode("utf-8", "replace")).root_node


def code_children(node: Node) -> list[Node]:
    """The children that are code."""
    return [child for child in node.children if not _is_prose(child)]


def _is_prose(node: Node) -> bool:
    if node.type == "expression_statement":
        return [child.type for child in node.children] == ["string"]
    return node.type == "comment"


def text(node: Node) -> str:
    """What is written there."""
    return (node.text or b"").decode("utf-8", "replace")


def tokens(root: Node) -> list[str]:
    """The leaves in order, strings whole."""
    return list(_leaves(root))


def _leaves(node: Node) -> Iterator[str]:
    if node.type == "string" or not node.children:
        if node.text:
            yield text(node)
        return
    for child in code_children(node):
        yield from _leaves(child)


def subtrees(root: Node) -> Counter[bytes]:
    """How often each subtree occurs: kinds of nodes only, from every node that is no leaf.

    A digest stands for a subtree; equal ones have equal digests, in every tree.
    """
    found: Counter[bytes] = Counter()
    _shape(root, found)
    return found


def _shape(node: Node, found: Counter[bytes]) -> bytes:
    parts = [child for child in code_children(node) if child.is_named]
    digest = hashlib.blake2b(node.type.encode(), digest_size=16)
    for part in parts:
        digest.update(_shape(part, found))
    shape = digest.digest()
    if parts:
        found[shape] += 1
    return shape
