"""Why a rule is not inlined."""

from __future__ import annotations


class NotReducible(Exception):
    """The rule needs statements: it must be emitted as a helper."""


class Unsupported(Exception):
    """The rule says that it does not cover these arguments."""
