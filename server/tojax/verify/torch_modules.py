"""The state of PyTorch modules: values that matter, and what a call changes."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

import torch
from torch.optim.optimizer import register_optimizer_step_post_hook
from torch.overrides import TorchFunctionMode

from tojax.verify.torch_values import is_float

GRADIENT: Any = vars(torch._C.TensorBase)["grad"].__get__
State = Mapping[str, torch.Tensor]
SAME_RATE = 1e-2  # a smaller change of the learning rate could be lost in rounding


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
            constant = is_constant(parameter)
            if (constant and parameter.requires_grad) or (looks in seen and not constant):
                noise = torch.randn(parameter.shape, generator=generator)
                parameter.add_((0.1 * noise).to(parameter.device, parameter.dtype))
            seen.add(looks)


def vary_constants(module: torch.nn.Module) -> None:
    """Raise buffers and frozen parameters whose elements are all equal a little, each differently.

    A version that leaves them out agrees as long as they are zero or one.
    """
    generator = torch.Generator().manual_seed(0)
    frozen = [p for p in module.parameters() if not p.requires_grad]
    persistent = {id(value) for value in module.state_dict(keep_vars=True).values()}
    with torch.no_grad():
        for value in [*frozen, *module.buffers()]:
            if id(value) in persistent and is_float(value) and is_constant(value):
                noise = 0.1 * torch.randn(value.shape, generator=generator).abs()
                base = torch.where(value == 0, 1, value.abs())
                value.add_(base * noise.to(value.device, value.dtype))


def is_constant(values: torch.Tensor) -> bool:
    """Whether there are elements, and all of them are equal."""
    return values.numel() > 0 and bool((values == values.flatten()[0]).all())


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


def is_moved(modules: dict[str, torch.nn.Module], before: dict[str, list[torch.Tensor]]) -> bool:
    """Whether the call moved parameters of a module."""
    return any(
        not torch.equal(parameter.detach(), old)
        for path, module in modules.items()
        for parameter, old in zip(module.parameters(), before[path], strict=False)
    )


def has_gradients(modules: dict[str, torch.nn.Module]) -> bool:
    """Whether the call left gradients at parameters of a module."""
    return any(p.grad is not None for module in modules.values() for p in module.parameters())


def changed_buffers(module: torch.nn.Module, before: State) -> list[str]:
    """The entries of a module's state, parameters aside, that are not what they were."""
    parameters = {name for name, _ in module.named_parameters(remove_duplicate=False)}
    return [
        name
        for name, value in module.state_dict().items()
        if name not in parameters and name in before and not is_equal(value, before[name])
    ]


def is_equal(value: torch.Tensor, old: torch.Tensor) -> bool:
    """Whether two tensors have the same shape and elements, NaN among them."""
    value, old = value.detach().cpu(), old.cpu()
    if value.shape != old.shape:
        return False
    return bool(((value == old) | ((value != value) & (old != old))).all())


def reads_gradients(call: Callable[[], Any]) -> bool:
    """Whether the code that is called looks at ``.grad`` itself, as its results then show."""
    reads = _GradientReads()
    with reads:
        call()
    return reads.found


class _GradientReads(TorchFunctionMode):
    found = False

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        if func == GRADIENT:
            frame: FrameType | None = sys._getframe(1)
            while frame is not None and frame.f_code.co_name == "__torch_function__":
                frame = frame.f_back  # of a mode that was entered later
            reader = "" if frame is None else str(frame.f_globals.get("__name__"))
            self.found = self.found or reader.partition(".")[0] not in ("torch", "tojax")
        return func(*args, **(kwargs or {}))


class StepCounter:
    """Counts the steps of optimizers while it is entered, and notes rates that are scheduled."""

    def __init__(self) -> None:
        self.count = 0
        self._rates: dict[int, list[float]] = {}

    def __enter__(self) -> StepCounter:
        self._hook: Any = register_optimizer_step_post_hook(self._step)
        return self

    def __exit__(self, *exception: object) -> None:
        self._hook.remove()

    def _step(self, optimizer: Any, *_: Any) -> None:
        self.count += 1
        if hasattr(optimizer.step, "_wrapped_by_lr_sched"):
            rate = float(optimizer.param_groups[0]["lr"])
            self._rates.setdefault(id(optimizer), []).append(rate)

    @property
    def waits(self) -> bool:
        """Whether there is a schedule, and hardly any change of the rate by it yet."""
        return any(max(r) - min(r) <= SAME_RATE * max(r) for r in self._rates.values())
