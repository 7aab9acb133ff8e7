"""Copies of models."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm


def copied(model: Any) -> Any:
    """A deep copy of a model (or of any object).

    `torch.nn.utils.weight_norm` and `spectral_norm` leave the weight that they compute before each
    call on the module, as a result with a history, which PyTorch refuses to copy.
    """
    modules = model.modules() if isinstance(model, torch.nn.Module) else ()
    computed = [
        getattr(module, hook.name)
        for module in modules
        for hook in module._forward_pre_hooks.values()
        if isinstance(hook, (SpectralNorm, WeightNorm))
    ]
    return copy.deepcopy(model, {id(weight): weight.detach().clone() for weight in computed})
