"""Analysis of a text: its constructs and syntax errors."""

from __future__ import annotations

import ast
import threading
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, chain

from tojax.source.blocks import Block, Parsed, parse, split_blocks, syntax_error
from tojax.source.constructs import Construct
from tojax.source.solution import Solution
from tojax.source.trees import children

# How much of the last texts is remembered: so many characters, and always the last two texts.
_ROOM = 150_000
# Where inference exceeds the interpreter's stack, blocks with deeper trees are given up, step by
# step.
_DEPTHS = (150, 50, 20, 0)


@dataclass(frozen=True)
class SourceFile:
    """What analysis found in a text.

    ``by_block`` are the constructs of each block, in order of position; for a block that neither
    changed nor moved it is the same list as in the analysis before. ``errors`` are the syntax
    errors, one per broken block, with their position in the file.
    """

    by_block: list[list[Construct]] = field(default_factory=list)
    errors: list[SyntaxError] = field(default_factory=list)
    uses_torch: bool = False

    @cached_property
    def constructs(self) -> list[Construct]:
        """The constructs of the whole text, in order of position."""
        return list(chain.from_iterable(self.by_block))


class Analyser:
    """Analyses texts, and remembers the last ones: an edited version costs only what changed.

    The result depends on the text alone.
    """

    def __init__(self) -> None:
        self._recent: list[Solution] = []
        self._lock = threading.Lock()

    def analyse(self, source: str, filename: str | None = None) -> SourceFile:
        """Find the constructs of a text; blocks that do not parse are left out.

        Args:
            source: the text.
            filename: its name, for errors.
        """
        if "torch" not in source and parse(source).error is None:
            return SourceFile()
        blocks = split_blocks(source)
        uses_torch = any(block.parsed.definitions.uses_torch for block in blocks)
        constructs: list[list[Construct]] = []
        if uses_torch:
            solution = self._solution(blocks)
            blocks = solution.blocks
            constructs = solution.placed_constructs()
        errors = [
            _placed(block.parsed.error, block.line, filename)
            for block in blocks
            if block.parsed.error is not None
        ]
        return SourceFile(constructs, errors, uses_torch)

    def _solution(self, blocks: list[Block]) -> Solution:
        """The solution for a file, from that of a similar file if there is one."""
        former = self._taken(blocks)
        try:
            solution = former.edited(blocks) if former is not None else None
        except RecursionError:
            solution = None
        solution = solution or _solved(blocks)
        with self._lock:
            self._recent = _last([*self._recent, solution])
        return solution

    def _taken(self, blocks: list[Block]) -> Solution | None:
        """The most similar of the recent solutions, for nobody else: it is used up."""
        parts = {block.parsed for block in blocks}

        def common(known: Solution) -> int:
            return len(parts & known.constructs.keys())

        with self._lock:
            former = max(self._recent, key=common, default=None)
            if former is None or 2 * common(former) < len(parts):
                return None
            self._recent = [known for known in self._recent if known is not former]
            return former


def _last(solutions: list[Solution]) -> list[Solution]:
    """The last solutions, as many as there is room for."""
    sizes = accumulate(len(solution.facts.text.source) for solution in reversed(solutions))
    return solutions[-max(sum(size <= _ROOM for size in sizes), 2) :]


def _solved(blocks: list[Block]) -> Solution:
    """The solution for a file; blocks that are nested too deeply become errors."""
    for depth in _DEPTHS:
        try:
            return Solution.of(blocks)
        except RecursionError:
            blocks = [
                block if _depth(block.parsed.tree) <= depth else _given_up(block)
                for block in blocks
            ]
    return Solution.of(blocks)


def _depth(tree: ast.AST) -> int:
    """How deeply the nodes of a tree are nested."""
    depth = 0
    level: list[ast.AST] = list(children(tree))
    while level:
        depth += 1
        level = [child for node in level for child in children(node)]
    return depth


def _given_up(block: Block) -> Block:
    text = block.parsed.text
    return block._replace(
        parsed=Parsed(text, ast.Module([], []), syntax_error("nested too deeply"))
    )


def _placed(error: SyntaxError, line: int, filename: str | None) -> SyntaxError:
    """The error of a block that starts on a (zero-based) line, with its position in the file."""
    end = error.end_lineno + line if error.end_lineno is not None else None
    details = (error.offset, error.text, end, error.end_offset)
    return SyntaxError(error.msg, (filename, (error.lineno or 1) + line, *details))


_ANALYSER = Analyser()


def analyse(source: str, filename: str | None = None) -> SourceFile:
    """Find the constructs of a text; blocks that do not parse are left out.

    Versions of a text that was analysed recently cost only what changed.

    Args:
        source: the text.
        filename: its name, for errors.
    """
    return _ANALYSER.analyse(source, filename)
