"""Mistakes that usual inputs, draws and steps hardly reach: limits, probabilities, schedules."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.verify.builders import Pair, function, training
from tests.verify.pairs import JAX, TORCH
from tojax.nouns import Verdict

# Name: PyTorch's version, a wrong one, and the right one.
MISTAKES: dict[str, tuple[Pair, str]] = {
    "a limit beyond large inputs": (
        function("return x.clamp(max=1e5)", "return x"),
        "return jnp.minimum(x, 1e5)",
    ),
    "hardly another probability": (
        function(
            "return x * x.new_full((3, 4), 0.2).bernoulli()",
            "return x * jax.random.bernoulli(jax.random.key(0), 0.205, x.shape)",
        ),
        "return x * jax.random.bernoulli(jax.random.key(0), 0.2, x.shape)",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_that_is_hardly_reached(check: Callable[..., Verdict], name: str) -> None:
    (source, wrong), right = MISTAKES[name]
    verdict = check(source, wrong)
    assert verdict.status == "differs" and verdict.failing_input, verdict
    version = wrong[: wrong.rindex("    return")]
    verdict = check(source, f"{version}    {right}\n")
    assert verdict.status == "verified", verdict


CLIPPED, CLIPPED_JAX = training("SGD(model.parameters(), 0.1)", "sgd(0.1)")
CLIPPED = CLIPPED.replace(
    "    optimizer.step()",
    "    nn.utils.clip_grad_norm_(model.parameters(), 50.0)\n    optimizer.step()",
)
CLIP = "    optimizer.update(model, jax.tree.map(lambda g: g * jnp.minimum(1, 50 / size), grads))\n"


def test_gradients_that_usual_inputs_never_clip(check: Callable[..., Verdict]) -> None:
    verdict = check(CLIPPED, CLIPPED_JAX)
    assert verdict.status == "differs" and "large" in (verdict.failing_input or ""), verdict
    clips = "    size = optax.global_norm(grads)\n" + CLIP
    verdict = check(CLIPPED, CLIPPED_JAX.replace("    optimizer.update(model, grads)\n", clips))
    assert verdict.status == "verified", verdict


SCHEDULED = f"""{TORCH}
def setup():
    model = nn.Linear(4, 3)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    return model, optimizer, torch.optim.lr_scheduler.StepLR(optimizer, 10), torch.randn(8, 4)

# tojax: inputs=setup()
def step(model, optimizer, scheduler, x):
    optimizer.zero_grad()
    (model(x) ** 2).mean().backward()
    optimizer.step()
    scheduler.step()
"""
SCHEDULED_JAX = f"""{JAX}import optax
def setup(*, rngs):
    model = nnx.Linear(4, 3, rngs=rngs)
    rate = optax.piecewise_constant_schedule(0.1, {{10: 0.1}})
    optimizer = nnx.Optimizer(model, optax.sgd(rate), wrt=nnx.Param)
    return model, optimizer, None, jax.random.normal(rngs(), (8, 4))

@nnx.jit
def step(model, optimizer, scheduler, x):
    optimizer.update(model, nnx.grad(lambda m: (m(x) ** 2).mean())(model))
"""


def test_rate_that_changes_late(check: Callable[..., Verdict]) -> None:
    verdict = check(SCHEDULED, SCHEDULED_JAX.replace("{10: 0.1}", "{10: 0.5}"))
    assert verdict.status == "differs", verdict
    verdict = check(SCHEDULED, SCHEDULED_JAX)
    assert verdict.status == "verified" and not verdict.message, verdict


def test_verdict_says_that_the_rate_has_not_changed(check: Callable[..., Verdict]) -> None:
    verdict = check(*(text.replace("10", "1000") for text in (SCHEDULED, SCHEDULED_JAX)))
    assert verdict.status == "verified" and "learning rate" in verdict.message, verdict
