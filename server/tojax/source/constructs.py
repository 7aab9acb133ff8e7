"""Constructs: the places of a block where PyTorch is used, as `tojax check` matches them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from tojax.nouns import Position, Range
from tojax.source.facts import ModuleFacts
from tojax.source.infer import Inference
from tojax.source.kinds import UNKNOWN, Kind, is_array
from tojax.source.names import import_origin, is_torch

ConstructKind = Literal[
    "import",
    "call",
    "method",
    "attribute",
    "set-item",
    "aug-set-item",
    "aug-assign",
    "branch",
    "iterate",
    "mask-index",
    "module-list",
    "subclass",
]
