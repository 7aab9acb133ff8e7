"""Reads the results of analysis in the form that the tests state them in."""

from __future__ import annotations

import ast

from tojax.rules.index import rule_index
from tojax.source import Construct, analyse
from tojax.source.facts import module_facts
from tojax.source.inference import Inference
from tojax.source.kinds import UNKNOWN, Kind
from tojax.source.program import Program
from tojax.source.text import Text

HEAD = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"


def constructs(source: str, *kinds: str) -> list[Construct]:
    """The constructs of a text without syntax errors, of some kinds only."""
    analysed = analyse(source)
    assert analysed.errors == []
    return [c for c in analysed.constructs if not kinds or c.kind in kinds]


def described(source: str, *kinds: str) -> list[tuple[str, str]]:
    """(name, covered text) of each construct."""
    text = Text(source)
    found = []
    for construct in constructs(source, *kinds):
        start, end = construct.range.start, construct.range.end
        first, last = (text.starts[place.line] + place.column for place in (start, end))
        found.append((construct.name, source[first:last]))
    return found


def kinds_of(source: str) -> dict[str, Kind]:
    """Kind of the argument of each ``probe(…)`` call, by the text of the argument."""
    tree = ast.parse(source)
    inference = Inference(Program([module_facts(source, tree)]), rule_index())
    inference.run()
    return {
        ast.unparse(node.args[0]): inference.kinds.get(node.args[0], UNKNOWN)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "probe"
    }
