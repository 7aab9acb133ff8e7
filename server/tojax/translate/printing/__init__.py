"""Prints a file with its replacements."""

from __future__ import annotations

from tojax.translate.printing.printer import Printer

__all__ = ["Printer"]
