"""CodeBLEU for Python (Ren et al. 2020, arXiv 2009.10297): n-grams, keywords, syntax, data flow.

The parts are those of the paper, with equal weights. N-grams that never match count a tenth
(method 1 of Chen and Cherry 2014), since single files are scored rather than a corpus.
"""

from __future__ import annotations

import keyword
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from tojax.bench.dataflow import dataflow
from tojax.bench.syntax_trees import parse, subtrees, tokens
from tojax.deep_stack import with_deep_stack

Item = TypeVar("Item")

_LONGEST = 4
_ALMOST_NONE = 0.1
_OTHER_WEIGHT = 0.2  # keywords count five times as much as other tokens (section 3.1)


@dataclass(frozen=True)
class CodeBLEU:
    """The parts, each from 0 to 1; ``dataflow`` is None where the reference has no variables."""

    ngrams: float
    keywords: float
    syntax: float
    dataflow: float | None

    @property
    def score(self) -> float:
        """The mean of the parts that there are."""
        parts = [self.ngrams, self.keywords, self.syntax, self.dataflow]
        known = [part for part in parts if part is not None]
        return sum(known) / len(known)


def codebleu(candidate: str, reference: str) -> CodeBLEU:
    """How close a candidate comes to a reference; both may have errors.

    Args:
        candidate: Python source.
        reference: Python source.

    Raises:
        ValueError: the reference holds no code.
    """
    return with_deep_stack(lambda: _codebleu(candidate, reference))


def _codebleu(candidate: str, reference: str) -> CodeBLEU:
    ours, theirs = parse(candidate), parse(reference)
    words, wanted = tokens(ours), tokens(theirs)
    if not wanted:
        raise ValueError("the reference holds no code")
    flows = dataflow(theirs)
    return CodeBLEU(
        ngrams=bleu(words, wanted),
        keywords=bleu(words, wanted, keywords_count_more=True),
        syntax=_share(subtrees(ours), subtrees(theirs)),
        dataflow=_share(dataflow(ours), flows) if flows else None,
    )


def bleu(
    candidate: Sequence[str], reference: Sequence[str], *, keywords_count_more: bool = False
) -> float:
    """BLEU of one text with one reference, of n-grams up to four or the shorter text.

    Args:
        candidate: tokens.
        reference: tokens.
        keywords_count_more: whether single tokens have weights.
    """
    longest = min(_LONGEST, len(candidate), len(reference))
    if not set(candidate) & set(reference):
        return 0.0
    logs = [
        math.log(_precision(candidate, reference, n, keywords_count_more and n == 1))
        for n in range(1, longest + 1)
    ]
    brevity = min(0.0, 1 - len(reference) / len(candidate))
    return math.exp(brevity + sum(logs) / longest)


def _precision(candidate: Sequence[str], reference: Sequence[str], n: int, weighs: bool) -> float:
    """Modified precision of n-grams, never zero."""
    ours, theirs = _ngrams(candidate, n), _ngrams(reference, n)

    def total(counts: Counter[tuple[str, ...]]) -> float:
        return sum(
            number * (_OTHER_WEIGHT if weighs and not keyword.iskeyword(gram[0]) else 1.0)
            for gram, number in counts.items()
        )

    return (total(ours & theirs) or _ALMOST_NONE) / total(ours)


def _ngrams(words: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[start : start + n]) for start in range(len(words) - n + 1))


def _share(candidate: Counter[Item], reference: Counter[Item]) -> float:
    """Of what the reference has, how much the candidate has too."""
    return (candidate & reference).total() / reference.total()
