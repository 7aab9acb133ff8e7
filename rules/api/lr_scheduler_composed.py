"""torch.optim.lr_scheduler: schedulers made of schedulers, and the one that follows a metric."""

import bisect
import math
from collections.abc import Sequence

from flax import nnx

from tojax.rules.api import torch_api

from .lr_scheduler import LRScheduler, per_group


class ComposedLR(LRScheduler):
    """A scheduler made of others, whose states are saved with its own."""

    unsaved = ("optimizer", "schedulers")

    def state_dict(self) -> dict:
        states = [scheduler.state_dict() for scheduler in self.schedulers]
        return {**super().state_dict(), "schedulers": states}

    def load_state_dict(self, state_dict: dict) -> None:
        own = dict(state_dict)
        for scheduler, state in zip(self.schedulers, own.pop("schedulers"), strict=True):
            scheduler.load_state_dict(state)
        super().load_state_dict(own)

    def undo(self) -> None:
        """Take back the step that the constructor of each scheduler has made."""
        for scheduler in self.schedulers:
            if isinstance(scheduler, ComposedLR):
                scheduler.undo()
            else:
                scheduler.last_epoch -= 1


@torch_api("torch.optim.lr_scheduler.SequentialLR")
class SequentialLR(ComposedLR):
    """One scheduler after the other; each next one begins at its milestone."""

    def __init__(
        self,
        optimizer: nnx.Optimizer,
        schedulers: Sequence[LRScheduler],
        milestones: Sequence[int],
        last_epoch: int = -1,
    ):
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(f"{len(schedulers)} schedulers need one milestone less")
        self.optimizer = optimizer
        self.schedulers = list(schedulers)
        self.milestones = list(milestones)
        self.last_epoch = last_epoch + 1
        self.undo()
        self.set_lrs(list(optimizer.initial_lrs))
        self.advance(self.schedulers[bisect.bisect_right(self.milestones, 0)])

    def advance(self, scheduler: LRScheduler) -> None:
        """Step one of the schedulers from the learning rates in use."""
        scheduler._last_lr = self.current_lrs()
        scheduler.step()
        self._last_lr = scheduler.get_last_lr()

    def step(self) -> None:
        self.last_epoch += 1
        index = bisect.bisect_right(self.milestones, self.last_epoch)
        scheduler = self.schedulers[index]
        if index > 0 and self.milestones[index - 1] == self.last_epoch:
            scheduler._last_lr = self.current_lrs()
            scheduler.restart()
            self._last_lr = scheduler.get_last_lr()
        else:
            self.advance(scheduler)


@torch_api("torch.optim.lr_scheduler.ChainedScheduler")
class ChainedScheduler(ComposedLR):
    """Several schedulers at once: each goes on from the learning rates of the one before."""

    def __init__(self, schedulers: Sequence[LRScheduler], optimizer: nnx.Optimizer | None = None):
        self.optimizer = schedulers[0].optimizer if optimizer is None else optimizer
        self.schedulers = list(schedulers)
        self._last_lr = self.schedulers[-1].get_last_lr()

    def step(self) -> None:
        for scheduler in self.schedulers:
            scheduler._last_lr = self.current_lrs()
            scheduler.step()
            self._last_lr = scheduler.get_last_lr()


@torch_api("torch.optim.lr_scheduler.ReduceLROnPlateau")
class ReduceLROnPlateau(LRScheduler):
    """Multiplies the learning rate by `factor` when a metric stops improving."""

    def __init__(
        self,
        optimizer: nnx.Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | list[float] = 0,
        eps: float = 1e-8,
    ):
        if factor >= 1:
            raise ValueError("factor must be less than 1")
        if mode not in ("min", "max") or threshold_mode not in ("rel", "abs"):
            raise ValueError(f"unknown mode {mode!r} or threshold mode {threshold_mode!r}")
        self.optimizer = optimizer
        self.mode = mode
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.threshold_mode = threshold_mode
        self.cooldown = cooldown
        self.min_lrs = per_group(optimizer, min_lr)
        self.eps = eps
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs = 0
        self.cooldown_counter = 0
        self.last_epoch = 0
        self._last_lr = [math.nan] * len(self.min_lrs)
        self._last_lr = self.current_lrs()

    def is_better(self, metric: float) -> bool:
        """Whether the metric improves on the best one by more than the threshold."""
        sign = 1 if self.mode == "max" else -1
        if self.threshold_mode == "rel":
            return sign * metric > sign * self.best * (1 + sign * self.threshold)
        return sign * metric > sign * self.best + self.threshold

    def step(self, metrics: float) -> None:
        """Take note of the metric of one more epoch."""
        metric = float(metrics)
        self.last_epoch += 1
        if self.is_better(metric):
            self.best = metric
            self.num_bad_epochs = 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        self._last_lr = self.current_lrs()
        if self.num_bad_epochs > self.patience:
            self.reduce()
            self.cooldown_counter = self.cooldown
            self.num_bad_epochs = 0

    def reduce(self) -> None:
        """Multiply the learning rates by the factor, down to the least ones allowed."""
        lrs = []
        for lr, least in zip(self._last_lr, self.min_lrs, strict=True):
            reduced = max(lr * self.factor, least)
            lrs.append(reduced if lr - reduced > self.eps else lr)
        self.set_lrs(lrs)
