"""What one call on the PyTorch side gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch

from tojax.verify.replay_torch import Draws


@dataclass
class Run:
    """What one call gave: raw results by path, gradients by name, and the draws it made.

    ``handed_back`` are the results that are arguments themselves, ``changed`` the arguments that it
    changed and did not hand back, ``buffers`` names what it changed in a module's state beside
    parameters, ``steps`` counts the steps of optimizers, and ``only_gradients`` says that gradients
    are all that it left in modules. ``waits`` says that a schedule has not changed its rate yet.
    """

    raw: dict[str, Any]
    draws: Draws
    setup: Draws
    gradients: dict[str, torch.Tensor] = field(default_factory=dict)
    modules: dict[str, torch.nn.Module] = field(default_factory=dict)
    no_gradient: str = ""
    stateful: bool = False
    handed_back: set[str] = field(default_factory=set)
    changed: list[str] = field(default_factory=list)
    buffers: list[str] = field(default_factory=list)
    steps: int = 0
    waits: bool = False
    only_gradients: bool = False
