"""torch.optim.lr_scheduler: schedulers that multiply the learning rate by a factor."""

import bisect
import math
from collections.abc import Callable

import numpy as np
from flax import nnx

from tojax.rules.api import torch_api

from .optim_groups import param_groups


@torch_api("torch.optim.lr_scheduler.LRScheduler", "torch.optim.lr_scheduler._LRScheduler")
class LRScheduler:
    """Changes the learning rates of an optimizer's parameter groups, once per `step()`.

    A subclass gives them by `get_lr()`, from `last_epoch` (the number of steps so far) and
    `base_lrs` (the rates before any scheduler). The optimizer must keep its learning rate in its
    state (`optax.inject_hyperparams`).
    """

    unsaved: tuple[str, ...] = ("optimizer",)

    def __init__(self, optimizer: nnx.Optimizer, last_epoch: int = -1):
        if last_epoch != -1:
            raise ValueError("resume a scheduler by load_state_dict instead of last_epoch")
        self.optimizer = optimizer
        self._last_lr = [math.nan] * len(param_groups(optimizer))
        if not hasattr(optimizer, "initial_lrs"):
            optimizer.initial_lrs = tuple(self.current_lrs())
        self.base_lrs = list(optimizer.initial_lrs)
        self.last_epoch = last_epoch
        self.step()

    def get_lr(self) -> list[float]:
        """The learning rate of every group at `last_epoch`."""
        raise NotImplementedError

    def get_last_lr(self) -> list[float]:
        """The learning rates that the last step has set."""
        return self._last_lr

    def step(self) -> None:
        """Count one step and set the learning rates."""
        self.last_epoch += 1
        self.set_lrs(self.get_lr())

    def restart(self) -> None:
        """Begin anew from the base learning rates."""
        self.last_epoch = 0
        self.set_lrs(self.get_lr())

    def current_lrs(self) -> list[float]:
        """The learning rates in use, exactly as set here unless something else has set them."""
        lrs = []
        for group, last in zip(param_groups(self.optimizer), self._last_lr, strict=True):
            lr = np.asarray(group["learning_rate"][...])
            # The state holds float32; its shortest decimal is the number that was written.
            lrs.append(last if lr == lr.dtype.type(last) else float(str(lr)))
        return lrs

    def set_lrs(self, lrs: list[float]) -> None:
        """Write the learning rates into the optimizer's state."""
        for group, lr in zip(param_groups(self.optimizer), lrs, strict=True):
            group["learning_rate"][...] = lr
        self._last_lr = list(lrs)

    def state_dict(self) -> dict:
        """Everything but the optimizer and the functions."""
        return {name: value for name, value in vars(self).items() if name not in self.unsaved}

    def load_state_dict(self, state_dict: dict) -> None:
        """Restore what `state_dict` returned."""
        vars(self).update(state_dict)


def per_group(optimizer: nnx.Optimizer, value) -> list:
    """One value per parameter group, from a list of them or one for all."""
    count = len(param_groups(optimizer))
    values = list(value) if isinstance(value, (list, tuple)) else [value] * count
    if len(values) != count:
        raise ValueError(f"{len(values)} values for {count} parameter groups")
    return values


@torch_api("torch.optim.lr_scheduler.LambdaLR")
class LambdaLR(LRScheduler):
    """The base learning rate times a function of the step, or one function per group."""

    unsaved = ("optimizer", "lr_lambdas")

    def __init__(
        self,
        optimizer: nnx.Optimizer,
        lr_lambda: Callable[[int], float] | list[Callable[[int], float]],
        last_epoch: int = -1,
    ):
        self.lr_lambdas = per_group(optimizer, lr_lambda)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        return [
            base * factor(self.last_epoch)
            for base, factor in zip(self.base_lrs, self.lr_lambdas, strict=True)
        ]


@torch_api("torch.optim.lr_scheduler.MultiplicativeLR")
class MultiplicativeLR(LRScheduler):
    """The learning rate times a function of the step, at every step after the first."""

    unsaved = ("optimizer", "lr_lambdas")

    def __init__(
        self,
        optimizer: nnx.Optimizer,
        lr_lambda: Callable[[int], float] | list[Callable[[int], float]],
        last_epoch: int = -1,
    ):
        self.lr_lambdas = per_group(optimizer, lr_lambda)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        return self.current_lrs() if self.last_epoch == 0 else self.multiplied()

    def restart(self) -> None:
        self.last_epoch = 0
        self.set_lrs(self.multiplied())

    def multiplied(self) -> list[float]:
        """The learning rates in use times the functions of this step."""
        return [
            lr * factor(self.last_epoch)
            for lr, factor in zip(self.current_lrs(), self.lr_lambdas, strict=True)
        ]


class FactorLR(LRScheduler):
    """The learning rate times `factor(step)`, relative to the step before.

    Being relative, it composes with other schedulers of the same optimizer.
    """

    def factor(self, step: int) -> float:
        """What the base learning rate is multiplied by at `step`."""
        raise NotImplementedError

    def get_lr(self) -> list[float]:
        now = self.factor(self.last_epoch)
        before = self.factor(self.last_epoch - 1) if self.last_epoch > 0 else 1.0
        ratio = 1.0 if now == before else now / before
        return [lr * ratio for lr in self.current_lrs()]

    def restart(self) -> None:
        self.last_epoch = 0
        self.set_lrs([base * self.factor(0) for base in self.base_lrs])


@torch_api("torch.optim.lr_scheduler.StepLR")
class StepLR(FactorLR):
    """Multiplies the learning rate by `gamma` every `step_size` steps."""

    def __init__(
        self, optimizer: nnx.Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1
    ):
        self.step_size = step_size
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def factor(self, step: int) -> float:
        return self.gamma ** (step // self.step_size)


@torch_api("torch.optim.lr_scheduler.MultiStepLR")
class MultiStepLR(FactorLR):
    """Multiplies the learning rate by `gamma` at each of the `milestones`."""

    def __init__(
        self,
        optimizer: nnx.Optimizer,
        milestones: list[int],
        gamma: float = 0.1,
        last_epoch: int = -1,
    ):
        self.milestones = sorted(milestones)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def factor(self, step: int) -> float:
        return self.gamma ** bisect.bisect_right(self.milestones, step)


@torch_api("torch.optim.lr_scheduler.ConstantLR")
class ConstantLR(FactorLR):
    """Multiplies the learning rate by `factor` for the first `total_iters` steps."""

    def __init__(
        self,
        optimizer: nnx.Optimizer,
        factor: float = 1 / 3,
        total_iters: int = 5,
        last_epoch: int = -1,
    ):
        self.start_factor = factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def factor(self, step: int) -> float:
        return self.start_factor if step < self.total_iters else 1.0


@torch_api("torch.optim.lr_scheduler.LinearLR")
class LinearLR(FactorLR):
    """Moves the factor linearly from `start_factor` to `end_factor` in `total_iters` steps."""

    def __init__(
        self,
        optimizer: nnx.Optimizer,
        start_factor: float = 1 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ):
        self.start_factor = start_factor
        self.end_factor = end_factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def factor(self, step: int) -> float:
        progress = min(step, self.total_iters) / self.total_iters
        return self.start_factor + (self.end_factor - self.start_factor) * progress


@torch_api("torch.optim.lr_scheduler.ExponentialLR")
class ExponentialLR(FactorLR):
    """Multiplies the learning rate by `gamma` at every step."""

    def __init__(self, optimizer: nnx.Optimizer, gamma: float, last_epoch: int = -1):
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def factor(self, step: int) -> float:
        return self.gamma**step


@torch_api("torch.optim.lr_scheduler.PolynomialLR")
class PolynomialLR(FactorLR):
    """Decays the learning rate to 0 in `total_iters` steps, as a power of what is left."""

    def __init__(
        self,
        optimizer: nnx.Optimizer,
        total_iters: int = 5,
        power: float = 1.0,
        last_epoch: int = -1,
    ):
        self.total_iters = total_iters
        self.power = power
        super().__init__(optimizer, last_epoch)

    def factor(self, step: int) -> float:
        return (1 - min(step, self.total_iters) / self.total_iters) ** self.power
