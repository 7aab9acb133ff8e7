"""What inputs without a named target are for, in a loaded PyTorch file."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import torch

from tojax.verify.loading import as_call, as_construction, evaluate, fits
from tojax.verify.specs import SPECS
from tojax.verify.targets import Target, choose_targets


def resolve_targets(module: ModuleType, target: Target, given: list[Any] | None) -> list[str]:
    """What a nameless target stands for in a loaded file."""
    args, kwargs = (
        (given, {})
        if given is not None
        else as_call(evaluate(target.inputs or "()", module, SPECS))
    )
    init = evaluate(target.init or "()", module, SPECS)
    own = [v for v in vars(module).values() if getattr(v, "__module__", "") == module.__name__]
    classes = [v for v in own if isinstance(v, type) and issubclass(v, torch.nn.Module)]
    functions = [
        v for v in own if type(v) is type(resolve_targets) and not v.__name__.startswith("_")
    ]
    hidden = {"get_inputs", "get_init_inputs"}
    return choose_targets(
        [
            (
                c.__name__,
                fits(c, *as_construction(init, c)) and fits(c.forward, [None, *args], kwargs),
            )
            for c in classes
        ],
        [(f.__name__, fits(f, args, kwargs)) for f in functions if f.__name__ not in hidden],
    )
