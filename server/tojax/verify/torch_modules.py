"""The state of PyTorch modules: values that matter, and what a call changes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import torch
from torch.optim.optimizer import register_optimizer_step_post_hook

from tojax.verify.torch_values import is_float

State = Mapping[str, torch.Tensor]


def vary_parameters(module: torch.nn.Module) -> None:
    """Move parameters that say nothing about their place.

    These are trainable ones whose elements are all equal (zero biases, unit scales), and copies of
    other parameters (of a layer that was cloned, of a network that follows another).
    """
    generator = torch.Generator().manual_seed(0)
    seen: set[tuple[tuple[int, ...], bytes]] = set()
    with torch.no_grad():
        for parameter in module.parameters():
            if not (parameter.numel() and is_float(parameter)):
                continue
            looks = tuple(parameter.shape), _digest(parameter)
            is_constant = bool((parameter == parameter.flatten()[0]).all())
            if (is_constant and parameter.requires_grad) or (looks in seen and not is_constant):
                noise = torch.randn(parameter.shape, generator=generator)
                parameter.add_((0.1 * noise).to(parameter.device, parameter.dtype))
            seen.add(looks)


def _digest(parameter: torch.Tensor) -> bytes:
    values = parameter.detach().cpu().contiguous().flatten().view(torch.uint8)
    return hashlib.blake2b(values.numpy().tobytes(), digest_size=16).digest()


def nudge_parameters(modules: dict[str, torch.nn.Module], size: float) -> None:
    with torch.no_grad():
        for module in modules.values():
            for parameter in module.parameters():
                parameter.mul_((1 + size * torch.randn(parameter.shape)).to(parameter))


def parameters_of(module: torch.nn.Module) -> list[torch.Tensor]:
    return [parameter.detach().clone() for parameter in module.parameters()]


def is_trained(modules: dict[str, torch.nn.Module], before: dict[str, list[torch.Tensor]]) -> bool:
    """Whether the call trained a module: moved its parameters or left gradients."""
    for path, module in modules.items():
        for parameter, old in zip(module.parameters(), before[path], strict=False):
            if parameter.grad is not None or not torch.equal(parameter.detach(), old):
                return True
    return False


def changed_buffers(module: torch.nn.Module, before: State) -> list[str]:
    """The entries of a module's state, parameters aside, that are not what they were."""
    parameters = {name for name, _ in module.named_parameters(remove_duplicate=False)}
    return [
        name
        for name, value in module.state_dict().items()
        if name not in parameters and name in before and not _equal(value, before[name])
    ]


def _equal(value: torch.Tensor, old: torch.Tensor) -> bool:
    value, old = value.detach().cpu(), old.cpu()
    if value.shape != old.shape:
        return False
    return bool(((value == old) | ((value != value) & (old != old))).all())


class StepCounter:
    """Counts the steps of optimizers while it is entered."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> StepCounter:
        self._hook: Any = register_optimizer_step_post_hook(self._step)
        return self

    def __exit__(self, *exception: object) -> None:
        self._hook.remove()

    def _step(self, *_: Any) -> None:
        self.count += 1
