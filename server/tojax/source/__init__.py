"""Source analysis: text in, the constructs that use PyTorch out."""

from __future__ import annotations

from tojax.source.analysis import SourceFile, analyse
from tojax.source.constructs import Construct

__all__ = ["Construct", "SourceFile", "analyse"]
