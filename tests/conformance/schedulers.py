"""Schedulers of the learning rate, as PyTorch source, every parameter of theirs varied."""

from __future__ import annotations

from tests.conformance.optimizers import Case

_SGD = "SGD(model.parameters(), lr=0.1, momentum=0.9)"
_ADAM = "Adam(model.parameters(), lr=0.02, betas=(0.8, 0.99))"
_CYCLE = "base_lr=0.01, max_lr=0.2, step_size_up=6"

# The arguments after the optimizer, by the class.
SCHEDULERS = {
    "LambdaLR": ["lr_lambda=lambda epoch: 0.9**epoch", "[lambda epoch: 1 / (epoch + 1)]"],
    "MultiplicativeLR": ["lr_lambda=lambda epoch: 1 - 0.5 / (epoch + 1)"],
    "StepLR": ["7", "step_size=1, gamma=0.95"],
    "MultiStepLR": ["[3, 10, 10, 30]", "milestones=[5, 20], gamma=0.5"],
    "ConstantLR": ["", "factor=0.5, total_iters=20"],
    "LinearLR": ["", "start_factor=0.1, end_factor=0.8, total_iters=20"],
    "ExponentialLR": ["0.95"],
    "PolynomialLR": ["", "total_iters=40, power=0.9"],
    "CosineAnnealingLR": ["50", "T_max=8, eta_min=0.01"],
    "CosineAnnealingWarmRestarts": ["7", "T_0=5, T_mult=2, eta_min=0.001"],
    "OneCycleLR": [
        "max_lr=0.3, total_steps=51",
        "max_lr=0.3, epochs=9, steps_per_epoch=6, pct_start=0.4, anneal_strategy='linear'",
        "max_lr=0.3, total_steps=60, three_phase=True, div_factor=10.0, final_div_factor=100.0",
        "max_lr=0.3, total_steps=60, base_momentum=0.7, max_momentum=0.8",
        "max_lr=0.3, total_steps=60, cycle_momentum=False",
    ],
    "CyclicLR": [
        _CYCLE,
        f"{_CYCLE}, step_size_down=9, mode='triangular2'",
        f"{_CYCLE}, mode='exp_range', gamma=0.97, cycle_momentum=False",
        f"{_CYCLE}, scale_fn=lambda x: 1 / (x + 1), scale_mode='iterations'",
        f"{_CYCLE}, base_momentum=0.6, max_momentum=0.95",
    ],
    "ReduceLROnPlateau": [
        "patience=2",
        "mode='max', factor=0.5, patience=1, cooldown=3, min_lr=0.01",
        "threshold=0.05, threshold_mode='abs', patience=0, factor=0.7, eps=0.001",
    ],
    "SequentialLR": [
        "schedulers=[torch.optim.lr_scheduler.LinearLR(optimizer, 0.1, total_iters=5), "
        "torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 45)], milestones=[5]",
    ],
    "ChainedScheduler": [
        "[torch.optim.lr_scheduler.ConstantLR(optimizer, 0.1, 20), "
        "torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.9)]",
    ],
}
_WITHOUT_OPTIMIZER = {"ChainedScheduler"}


def scheduler_cases(name: str, *, kind: str) -> list[Case]:
    """Training loops with a scheduler, each with ``"SGD"`` or ``"Adam"``."""
    first = "" if name in _WITHOUT_OPTIMIZER else "optimizer, "
    return [
        Case(
            _SGD if kind == "SGD" else _ADAM,
            f"torch.optim.lr_scheduler.{name}({first}{arguments})".replace(", )", ")"),
            measured=name == "ReduceLROnPlateau",
        )
        for arguments in SCHEDULERS[name]
    ]
