"""Every scheduler gives PyTorch's learning rates, and momentums, over 50 steps."""

from __future__ import annotations

import json

import jax.numpy as jnp
import numpy as np
import optax
import pytest
import torch
from flax import nnx
from rules.api import lr_scheduler, lr_scheduler_composed, lr_scheduler_cyclic
from rules.api.optim_groups import grouped_optimizer, param_groups

STEPS = 50
LRS = (0.1, 0.03)


def scheduler_class(name: str):
    for module in (lr_scheduler, lr_scheduler_cyclic, lr_scheduler_composed):
        if hasattr(module, name):
            return getattr(module, name)
    raise AttributeError(name)


class Both:
    """The same two-group optimizer on both sides, and schedulers made alike."""

    def __init__(self, kind: str = "SGD"):
        tensors = [torch.nn.Parameter(torch.ones(2)) for _ in LRS]
        options = {"momentum": 0.9} if kind == "SGD" else {}
        self.torch_optimizer = getattr(torch.optim, kind)(
            [{"params": [tensor], "lr": lr} for tensor, lr in zip(tensors, LRS, strict=True)],
            **options,
        )
        model = nnx.Linear(2, 2, rngs=nnx.Rngs(0))
        groups = [
            {"params": [param], "lr": lr}
            for param, lr in zip((model.kernel, model.bias), LRS, strict=True)
        ]
        if kind == "SGD":
            self.optimizer = grouped_optimizer(
                model, groups, lambda lr, momentum: optax.sgd(lr, momentum=momentum), momentum=0.9
            )
        else:
            self.optimizer = grouped_optimizer(
                model, groups, lambda lr, b1: optax.adam(lr, b1=b1), b1=0.9
            )

    def make(self, name: str, *args, **options) -> tuple:
        """One scheduler on each side."""
        theirs = getattr(torch.optim.lr_scheduler, name)(self.torch_optimizer, *args, **options)
        return theirs, scheduler_class(name)(self.optimizer, *args, **options)

    def assert_equal(self, theirs, ours, rtol: float = 1e-9) -> None:
        for mine, group in zip(
            param_groups(self.optimizer), self.torch_optimizer.param_groups, strict=True
        ):
            np.testing.assert_allclose(mine["learning_rate"][...], group["lr"], 1e-6, 1e-12)
            if "momentum" in group:
                np.testing.assert_allclose(mine["momentum"][...], group["momentum"], rtol=1e-6)
            elif "betas" in group:
                np.testing.assert_allclose(mine["b1"][...], group["betas"][0], rtol=1e-6)
        np.testing.assert_allclose(ours.get_last_lr(), theirs.get_last_lr(), rtol, 1e-15)

    def step_both(self, theirs, ours) -> None:
        self.torch_optimizer.step()
        theirs.step()
        ours.step()


CASES = [
    ("LambdaLR", {"lr_lambda": lambda step: 0.9**step}),
    ("LambdaLR", {"lr_lambda": [lambda step: 1 / (step + 1), lambda step: min(1, step / 9)]}),
    ("MultiplicativeLR", {"lr_lambda": lambda step: 1 - 0.5 / (step + 1)}),
    ("StepLR", {"step_size": 7}),
    ("StepLR", {"step_size": 1, "gamma": 0.9}),
    ("MultiStepLR", {"milestones": [3, 10, 10, 30], "gamma": 0.5}),
    ("ConstantLR", {}),
    ("ConstantLR", {"factor": 0.5, "total_iters": 20}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 1.0, "end_factor": 0.0, "total_iters": 20}),
    ("LinearLR", {"start_factor": 0.01, "total_iters": 45}),
    ("ExponentialLR", {"gamma": 0.95}),
    ("PolynomialLR", {}),
    ("PolynomialLR", {"total_iters": 40, "power": 0.9}),
    ("CosineAnnealingLR", {"T_max": 50}),
    ("CosineAnnealingLR", {"T_max": 8, "eta_min": 0.01}),
    ("CosineAnnealingLR", {"T_max": 1}),
    ("CosineAnnealingWarmRestarts", {"T_0": 7}),
    ("CosineAnnealingWarmRestarts", {"T_0": 5, "T_mult": 2, "eta_min": 0.001}),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 51}),
    ("OneCycleLR", {"max_lr": [0.5, 0.1], "epochs": 9, "steps_per_epoch": 6, "pct_start": 0.4}),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 60, "anneal_strategy": "linear"}),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 60, "three_phase": True, "div_factor": 10.0}),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 60, "cycle_momentum": False}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.2, "step_size_up": 6}),
    ("CyclicLR", {"base_lr": [0.01, 0.02], "max_lr": 0.2, "step_size_up": 6, "step_size_down": 9}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.2, "step_size_up": 6, "mode": "triangular2"}),
    (
        "CyclicLR",
        {"base_lr": 0.01, "max_lr": 0.2, "step_size_up": 6, "mode": "exp_range", "gamma": 0.97},
    ),
    (
        "CyclicLR",
        {"base_lr": 0.01, "max_lr": 0.2, "step_size_up": 6, "scale_fn": lambda x: 1 / (x + 1)},
    ),
]


@pytest.mark.parametrize(("name", "options"), CASES)
@pytest.mark.parametrize("kind", ["SGD", "Adam"])
def test_same_learning_rates(kind: str, name: str, options: dict) -> None:
    both = Both(kind)
    theirs, ours = both.make(name, **options)
    both.assert_equal(theirs, ours)
    for _ in range(STEPS):
        both.step_both(theirs, ours)
        both.assert_equal(theirs, ours)


def test_warm_restarts_at_fractional_epochs() -> None:
    both = Both()
    theirs, ours = both.make("CosineAnnealingWarmRestarts", T_0=3, T_mult=2)
    for step in range(STEPS):
        both.torch_optimizer.step()
        theirs.step(step / 4)
        ours.step(step / 4)
        both.assert_equal(theirs, ours)


@pytest.mark.parametrize(
    "options",
    [
        {"patience": 2},
        {"patience": 0, "factor": 0.5, "cooldown": 3, "min_lr": [0.01, 0.001]},
        {"mode": "max", "patience": 1, "threshold": 0.05, "factor": 0.7},
        {"mode": "max", "threshold_mode": "abs", "threshold": 0.1, "patience": 1, "factor": 0.7},
        {"threshold_mode": "abs", "threshold": 0.1, "patience": 1, "eps": 0.001},
    ],
)
def test_plateau(options: dict) -> None:
    both = Both()
    theirs, ours = both.make("ReduceLROnPlateau", **options)
    metrics = np.random.default_rng(0).normal(size=STEPS).cumsum() * 0.1
    for metric in metrics:
        theirs.step(torch.tensor(metric))
        ours.step(jnp.asarray(metric))
        both.assert_equal(theirs, ours)
        assert ours.num_bad_epochs == theirs.num_bad_epochs


SEQUENCES = [
    ([("LinearLR", {"start_factor": 0.1, "total_iters": 5}), ("CosineAnnealingLR", {"T_max": 45})]),
    ([("ConstantLR", {"factor": 0.1}), ("ExponentialLR", {"gamma": 0.9})]),
    ([("LinearLR", {}), ("CosineAnnealingWarmRestarts", {"T_0": 6}), ("StepLR", {"step_size": 4})]),
    (
        [
            ("LambdaLR", {"lr_lambda": lambda step: (step + 1) / 9}),
            ("MultiplicativeLR", {"lr_lambda": lambda step: 0.9}),
        ]
    ),
    ([("ExponentialLR", {"gamma": 0.9}), ("MultiStepLR", {"milestones": [0, 2, 5], "gamma": 0.5})]),
    ([("StepLR", {"step_size": 2}), ("PolynomialLR", {"total_iters": 30})]),
    ([("PolynomialLR", {"total_iters": 30})]),
]


@pytest.mark.parametrize("parts", SEQUENCES)
def test_sequential(parts: list) -> None:
    both = Both()
    theirs, ours = zip(*(both.make(name, **options) for name, options in parts), strict=True)
    milestones = [9, 20][: len(parts) - 1]
    theirs = torch.optim.lr_scheduler.SequentialLR(both.torch_optimizer, list(theirs), milestones)
    ours = lr_scheduler_composed.SequentialLR(both.optimizer, list(ours), milestones)
    both.assert_equal(theirs, ours)
    for _ in range(STEPS):
        both.step_both(theirs, ours)
        both.assert_equal(theirs, ours)


CHAINS = [
    [("ConstantLR", {"factor": 0.1, "total_iters": 20}), ("ExponentialLR", {"gamma": 0.9})],
    [("LinearLR", {"total_iters": 10}), ("CosineAnnealingLR", {"T_max": 15, "eta_min": 0.001})],
    [("StepLR", {"step_size": 5}), ("MultiplicativeLR", {"lr_lambda": lambda step: 0.99})],
]


@pytest.mark.parametrize("parts", CHAINS)
def test_chained(parts: list) -> None:
    both = Both()
    theirs, ours = zip(*(both.make(name, **options) for name, options in parts), strict=True)
    theirs = torch.optim.lr_scheduler.ChainedScheduler(list(theirs))
    ours = lr_scheduler_composed.ChainedScheduler(list(ours))
    both.assert_equal(theirs, ours, rtol=1e-6)
    for _ in range(STEPS):
        both.step_both(theirs, ours)
        both.assert_equal(theirs, ours, rtol=1e-6)


@pytest.mark.parametrize("parts", CHAINS)
def test_two_schedulers_of_one_optimizer(parts: list) -> None:
    both = Both()
    pairs = [both.make(name, **options) for name, options in parts]
    for _ in range(STEPS):
        for theirs, ours in pairs:
            both.step_both(theirs, ours)
            np.testing.assert_allclose(ours.get_last_lr(), theirs.get_last_lr(), rtol=1e-5)


def test_goes_on_from_a_learning_rate_set_by_hand() -> None:
    both = Both()
    theirs, ours = both.make("ExponentialLR", gamma=0.9)
    for step in range(10):
        if step == 4:
            both.torch_optimizer.param_groups[1]["lr"] = 0.7
            param_groups(both.optimizer)[1]["learning_rate"][...] = 0.7
        both.step_both(theirs, ours)
        both.assert_equal(theirs, ours)


def test_user_subclass() -> None:
    class Warmup(lr_scheduler.LRScheduler):
        def __init__(self, optimizer, warmup, last_epoch=-1):
            self.warmup = warmup
            super().__init__(optimizer, last_epoch)

        def get_lr(self):
            return [base * min(1, (self.last_epoch + 1) / self.warmup) for base in self.base_lrs]

    scheduler = Warmup(Both().optimizer, 4)
    seen = [scheduler.get_last_lr()[0]]
    for _ in range(4):
        scheduler.step()
        seen.append(scheduler.get_last_lr()[0])
    assert seen == [0.1 / 4, 0.1 / 2, 0.1 * 3 / 4, 0.1, 0.1]


def resumable(name: str, options: dict):
    """The scheduler and how to make the like again."""
    if name == "SequentialLR":

        def make(optimizer):
            parts = [
                lr_scheduler.LinearLR(optimizer, total_iters=4),
                lr_scheduler_cyclic.CosineAnnealingLR(optimizer, 20),
            ]
            return lr_scheduler_composed.SequentialLR(optimizer, parts, [4])

        return make
    return lambda optimizer: scheduler_class(name)(optimizer, **options)


@pytest.mark.parametrize(
    ("name", "options"),
    [case for case in CASES if case[0] != "ReduceLROnPlateau"] + [("SequentialLR", {})],
)
def test_state_dict_resumes(name: str, options: dict) -> None:
    make = resumable(name, options)
    first = Both().optimizer
    scheduler = make(first)
    for _ in range(11):
        scheduler.step()
    saved = json.loads(json.dumps(scheduler.state_dict()))
    lrs = [float(group["learning_rate"][...]) for group in param_groups(first)]
    second = Both().optimizer
    resumed = make(second)
    for group, lr in zip(param_groups(second), lrs, strict=True):
        group["learning_rate"][...] = lr
    resumed.load_state_dict(saved)
    for _ in range(15):
        scheduler.step()
        resumed.step()
        assert resumed.get_last_lr() == scheduler.get_last_lr()


def test_momentum_that_is_not_adjustable_is_an_error() -> None:
    model = nnx.Linear(2, 2, rngs=nnx.Rngs(0))
    tx = optax.inject_hyperparams(lambda learning_rate: optax.sgd(learning_rate))(learning_rate=0.1)
    optimizer = nnx.Optimizer(model, tx, wrt=nnx.Param)
    with pytest.raises(ValueError, match="momentum"):
        lr_scheduler_cyclic.OneCycleLR(optimizer, max_lr=0.1, total_steps=10)


@pytest.mark.parametrize("form", ["direct", "chained"])
def test_learning_rate_is_state_under_jit(form: str) -> None:
    """One compilation, and every update uses the scheduler's current learning rate."""
    model = nnx.Linear(1, 1, use_bias=False, rngs=nnx.Rngs(0))
    if form == "direct":
        tx = optax.inject_hyperparams(optax.sgd)(learning_rate=0.5)
    else:
        tx = optax.inject_hyperparams(
            lambda learning_rate: optax.chain(
                optax.add_decayed_weights(0.0), optax.sgd(learning_rate)
            )
        )(learning_rate=0.5)
    optimizer = nnx.Optimizer(model, tx, wrt=nnx.Param)
    scheduler = lr_scheduler.StepLR(optimizer, 1, gamma=0.5)
    traces = []

    @nnx.jit
    def train_step(model, optimizer):
        traces.append(1)
        optimizer.update(model, nnx.grad(lambda model: model.kernel[...].sum())(model))

    for step in range(5):
        before = float(model.kernel[0, 0])
        train_step(model, optimizer)
        np.testing.assert_allclose(before - float(model.kernel[0, 0]), 0.5 ** (step + 1), rtol=1e-4)
        scheduler.step()
        assert scheduler.get_last_lr() == [0.5 ** (step + 2)]
    assert len(traces) == 1
