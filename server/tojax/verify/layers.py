"""Numbers that layers are made with, and that inputs may hide.

An epsilon is lost beside the variance of what an embedding gives, a rate in few draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NAMES = {"eps": ("eps", "epsilon"), "p": ("p", "rate")}  # PyTorch's name, and those in JAX

Numbers = dict[str, dict[str, float]]


def layer_numbers(model: Any) -> Numbers:
    """The numbers of PyTorch's own layers in a module, by path."""
    found = {
        path: {name: getattr(layer, name) for name in NAMES if _is_number(layer, name)}
        for path, layer in model.named_modules()
        if path and type(layer).__module__.startswith("torch.nn.")
    }
    return {path: numbers for path, numbers in found.items() if numbers}


def check_layers(model: Any, wanted: Mapping[str, Mapping[str, float]]) -> None:
    """Layers that lie at the same place of an NNX module must have the same numbers, if any.

    Raises:
        ValueError: one has another.
    """
    for path, numbers in wanted.items():
        layer = _at(model, path)
        for name, value in numbers.items():
            own = next((n for n in NAMES[name] if _is_number(layer, n)), None)
            if own is not None and getattr(layer, own) != value:
                raise ValueError(
                    f"{path} has {name}={value!r} in PyTorch, {own}={getattr(layer, own)!r} in JAX"
                )


def _at(node: Any, path: str) -> Any:
    """The layer at PyTorch's path, or None."""
    for part in path.split("."):
        if part.isdigit():
            layers = getattr(node, "layers", node)  # as a sequence of NNX has them
            try:
                node = layers[int(part)]
            except (TypeError, LookupError):
                return None
        else:
            node = getattr(node, part, None)
    return node


def _is_number(layer: Any, name: str) -> bool:
    return type(getattr(layer, name, None)) in (int, float)
