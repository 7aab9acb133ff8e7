"""A sample of the operator database as source text: tensors are parameters, the rest literals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.testing._internal.opinfo.core import SampleInput


class Unwritable(Exception):
    """A value that has no literal."""


@dataclass
class Written:
    """A sample's arguments as expressions, and the tensors that their names stand for."""

    input: str
    args: list[str]
    keywords: dict[str, str]
    input_is_tensor: bool
    tensors: list[torch.Tensor] = field(default_factory=list)

    @property
    def parameters(self) -> str:
        """The parameter list of a function that takes the tensors."""
        return ", ".join(f"x{i}: torch.Tensor" for i in range(len(self.tensors)))


def write(sample: SampleInput) -> Written:
    """Write a sample's input, positional and keyword arguments.

    Raises:
        Unwritable: one of them has no literal.
    """
    tensors: list[torch.Tensor] = []
    return Written(
        expression(sample.input, tensors),
        [expression(value, tensors) for value in sample.args],
        {name: expression(value, tensors) for name, value in sample.kwargs.items()},
        isinstance(sample.input, torch.Tensor),
        tensors,
    )


def expression(value: Any, tensors: list[torch.Tensor], prefix: str = "x") -> str:
    """The expression for a value; tensors met on the way are appended and named by position.

    Raises:
        Unwritable: a value has no literal.
    """
    match value:
        case torch.Tensor():
            return _name(value, tensors, prefix)
        case bool() | None | str():
            return repr(value)
        case torch.dtype() | torch.memory_format() | torch.layout():
            return str(value)
        case torch.device():
            return f'torch.device("{value}")'
        case int():
            return repr(int(value))
        case float():
            return repr(float(value)) if math.isfinite(value) else f'float("{value}")'
        case complex():
            return repr(value)
        case slice():
            return f"slice({value.start}, {value.stop}, {value.step})"
        case list():
            return f"[{', '.join(expression(item, tensors, prefix) for item in value)}]"
        case tuple():
            inner = ", ".join(expression(item, tensors, prefix) for item in value)
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        case _ if value is Ellipsis:
            return "..."
        case torch.nn.TransformerEncoderLayer():
            return _encoder_layer(value)
        case torch.nn.Module() if not list(value.parameters()):
            return f"torch.nn.{type(value).__name__}()"
        case _ if getattr(torch.nn.functional, getattr(value, "__name__", ""), None) is value:
            return f"F.{value.__name__}"
        case _:
            raise Unwritable(f"no literal for a {type(value).__name__}")


def _encoder_layer(layer: torch.nn.TransformerEncoderLayer) -> str:
    options = {
        "dim_feedforward": layer.linear1.out_features,
        "dropout": layer.dropout.p,
        "activation": layer.activation,
        "batch_first": layer.self_attn.batch_first,
        "norm_first": layer.norm_first,
        "bias": layer.linear1.bias is not None,
    }
    sizes = f"{layer.self_attn.embed_dim}, {layer.self_attn.num_heads}"
    given = ", ".join(f"{name}={expression(value, [])}" for name, value in options.items())
    return f"torch.nn.TransformerEncoderLayer({sizes}, {given})"


def _name(tensor: torch.Tensor, tensors: list[torch.Tensor], prefix: str) -> str:
    for number, known in enumerate(tensors):
        if known is tensor:
            return f"{prefix}{number}"
    tensors.append(tensor)
    return f"{prefix}{len(tensors) - 1}"


def names_axis_of_scalar(value: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
    """Whether an operation names axis 0 of a tensor without axes, which only PyTorch allows.

    Translations stay plain there, ``jnp.sum(x, axis=0)``, and JAX refuses the axis.
    """
    if not isinstance(value, torch.Tensor) or value.ndim:
        return False
    first = [*args, None][0]
    return "dim" in kwargs or (type(first) is int and first in (0, -1)) or first == (0,)
