"""torch.optim.lr_scheduler: schedulers that follow a cosine or a cycle."""

import math
from collections.abc import Callable

from flax import nnx

from tojax.rules.api import torch_api

from .lr_scheduler import LRScheduler, per_group
from .optim_groups import param_groups


@torch_api("torch.optim.lr_scheduler.CosineAnnealingLR")
class CosineAnnealingLR(LRScheduler):
    """Lowers the learning rate to `eta_min` along a half cosine of `T_max` steps, and back."""

    def __init__(
        self, optimizer: nnx.Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1
    ):
        self.T_max = T_max
        self.eta_min = eta_min
        super().__init__(optimizer, last_epoch)

    def factor(self, step: int) -> float:
        """The share of the way from `eta_min` to the base learning rate."""
        return (1 + math.cos(math.pi * step / self.T_max)) / 2

    def get_lr(self) -> list[float]:
        lrs = self.current_lrs()
        if self.last_epoch == 0:
            return lrs
        now = self.factor(self.last_epoch)
        if (self.last_epoch - 1) % (2 * self.T_max) == self.T_max:  # before it was 0
            return [
                lr + (base - self.eta_min) * self.factor(self.T_max - 1)
                for lr, base in zip(lrs, self.base_lrs, strict=True)
            ]
        ratio = now / self.factor(self.last_epoch - 1)
        return [self.eta_min + (lr - self.eta_min) * ratio for lr in lrs]

    def restart(self) -> None:
        self.last_epoch = 0
        self.set_lrs(self.base_lrs)


@torch_api("torch.optim.lr_scheduler.CosineAnnealingWarmRestarts")
class CosineAnnealingWarmRestarts(LRScheduler):
    """Half cosines to `eta_min`, each `T_mult` times as long as the one before (first `T_0`)."""

    def __init__(
        self,
        optimizer: nnx.Optimizer,
        T_0: int,
        T_mult: int = 1,
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ):
        self.T_0 = T_0
        self.T_i = T_0
        self.T_mult = T_mult
        self.eta_min = eta_min
        self.T_cur = last_epoch
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        share = (1 + math.cos(math.pi * self.T_cur / self.T_i)) / 2
        return [self.eta_min + (base - self.eta_min) * share for base in self.base_lrs]

    def step(self, epoch: float | None = None) -> None:
        """Count one step, or go to a (fractional) `epoch`."""
        if epoch is None and self.last_epoch >= 0:
            self.last_epoch += 1
            self.T_cur += 1
            if self.T_cur >= self.T_i:
                self.T_cur -= self.T_i
                self.T_i *= self.T_mult
        else:
            self.T_cur = epoch or 0
            self.last_epoch = math.floor(self.T_cur)
            self.T_i = self.T_0
            while self.T_cur >= self.T_i:
                self.T_cur -= self.T_i
                self.T_i *= self.T_mult
        self.set_lrs(self.get_lr())


def set_momentum(optimizer: nnx.Optimizer, values: list[float]) -> None:
    """Set every group's momentum, which Adam and its kin call `b1`."""
    for group, value in zip(param_groups(optimizer), values, strict=True):
        if "momentum" not in group and "b1" not in group:
            raise ValueError("the optimizer's momentum is not adjustable: inject it as well")
        group["momentum" if "momentum" in group else "b1"][...] = value


@torch_api("torch.optim.lr_scheduler.OneCycleLR")
class OneCycleLR(LRScheduler):
    """Raises the learning rate to `max_lr` and lowers it far below its start, momentum opposite."""

    def __init__(
        self,
        optimizer: nnx.Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ):
        if total_steps is None:
            if epochs is None or steps_per_epoch is None:
                raise ValueError("give total_steps, or epochs and steps_per_epoch")
            total_steps = epochs * steps_per_epoch
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"anneal_strategy is 'cos' or 'linear', not {anneal_strategy!r}")
        self.total_steps = total_steps
        self.anneal_strategy = anneal_strategy
        self.cycle_momentum = cycle_momentum
        self.max_lrs = per_group(optimizer, max_lr)
        self.base_momentums = per_group(optimizer, base_momentum)
        self.max_momentums = per_group(optimizer, max_momentum)
        self.final_div_factor = final_div_factor
        rise = float(pct_start * total_steps) - 1
        # A phase: its last step, and the learning rate and the momentum that it ends with.
        self.phases = [(rise, "max", "base"), (total_steps - 1, "min", "max")]
        if three_phase:
            fall = float(2 * pct_start * total_steps) - 2
            self.phases[1:] = [(fall, "initial", "max"), (total_steps - 1, "min", "max")]
        optimizer.initial_lrs = tuple(lr / div_factor for lr in self.max_lrs)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        if self.last_epoch > self.total_steps:
            raise ValueError(f"step {self.last_epoch} of a cycle of {self.total_steps} steps")
        start, lr_from, momentum_from = 0.0, "initial", "max"
        for end, lr_to, momentum_to in self.phases:
            if self.last_epoch <= end or end == self.phases[-1][0]:
                break
            start, lr_from, momentum_from = end, lr_to, momentum_to
        share = (self.last_epoch - start) / (end - start)
        if self.anneal_strategy == "cos":
            share = (1 - math.cos(math.pi * share)) / 2
        if self.cycle_momentum:
            momentums = {"base": self.base_momentums, "max": self.max_momentums}
            pairs = zip(momentums[momentum_from], momentums[momentum_to], strict=True)
            set_momentum(self.optimizer, [low + (high - low) * share for low, high in pairs])
        lrs = {
            "initial": self.base_lrs,
            "max": self.max_lrs,
            "min": [lr / self.final_div_factor for lr in self.base_lrs],
        }
        return [
            low + (high - low) * share for low, high in zip(lrs[lr_from], lrs[lr_to], strict=True)
        ]


@torch_api("torch.optim.lr_scheduler.CyclicLR")
class CyclicLR(LRScheduler):
    """Moves the learning rate up and down between two bounds, momentum opposite."""

    unsaved = ("optimizer", "scale_fn")

    def __init__(
        self,
        optimizer: nnx.Optimizer,
        base_lr: float | list[float],
        max_lr: float | list[float],
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.8,
        max_momentum: float | list[float] = 0.9,
        last_epoch: int = -1,
    ):
        if mode not in ("triangular", "triangular2", "exp_range") and scale_fn is None:
            raise ValueError(f"unknown mode {mode!r} and no scale_fn")
        self.size_up = step_size_up
        self.size = step_size_up + (step_size_up if step_size_down is None else step_size_down)
        self.mode = mode
        self.gamma = gamma
        self.scale_fn = scale_fn
        self.scale_mode = scale_mode
        self.cycle_momentum = cycle_momentum
        self.max_lrs = per_group(optimizer, max_lr)
        self.base_momentums = per_group(optimizer, base_momentum)
        self.max_momentums = per_group(optimizer, max_momentum)
        optimizer.initial_lrs = tuple(per_group(optimizer, base_lr))
        super().__init__(optimizer, last_epoch)

    def scale(self, cycle: int) -> float:
        """The height of this step's cycle."""
        if self.scale_fn is not None:
            return self.scale_fn(cycle if self.scale_mode == "cycle" else self.last_epoch)
        heights = {
            "triangular": 1.0,
            "triangular2": 0.5 ** (cycle - 1),
            "exp_range": self.gamma**self.last_epoch,
        }
        return heights[self.mode]

    def get_lr(self) -> list[float]:
        cycle, position = divmod(self.last_epoch, self.size)
        if position <= self.size_up:
            share = position / self.size_up
        else:
            share = (self.size - position) / (self.size - self.size_up)
        share *= self.scale(cycle + 1)
        if self.cycle_momentum:
            pairs = zip(self.base_momentums, self.max_momentums, strict=True)
            set_momentum(self.optimizer, [high - (high - low) * share for low, high in pairs])
        return [
            low + (high - low) * share
            for low, high in zip(self.base_lrs, self.max_lrs, strict=True)
        ]
