"""Specialises a rule for one call: binds arguments, folds what is known, inlines the expression."""

from __future__ import annotations

from tojax.translate.specialise.binding import PARAMETER_ALIASES, Argument, bind
from tojax.translate.specialise.refusals import NotReducible, Unsupported
from tojax.translate.specialise.result import HelperName, Result
from tojax.translate.specialise.specialiser import Specialiser

__all__ = [
    "PARAMETER_ALIASES",
    "Argument",
    "HelperName",
    "NotReducible",
    "Result",
    "Specialiser",
    "Unsupported",
    "bind",
]
