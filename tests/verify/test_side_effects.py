"""What a call does beside its results: to its arguments, to gradients, to what it detaches."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.verify.builders import Pair, function, module
from tests.verify.pairs import JAX, TORCH
from tojax.nouns import Rung, Verdict

LISTS = "def f(xs):\n    {}\n    return xs[0] * 2\n"
DIRECTIVE = "# tojax: inputs=([float32[3, 4], float32[3]],)\n"


def of_list(torch_body: str, jax_body: str) -> Pair:
    return TORCH + DIRECTIVE + LISTS.format(torch_body), JAX + LISTS.format(jax_body)


LOST: dict[str, tuple[Pair, Rung]] = {
    "an argument that is changed": (
        function("x.add_(1); return x.sum()", "return (x + 1).sum()"),
        Rung.OUTPUTS,
    ),
    "all that a function does": (function("x.clamp_(min=0)", "pass"), Rung.OUTPUTS),
    "a module's input": (
        module(
            "self.w = nn.Parameter(torch.ones(4))", "x += 1; return x * self.w",
            "self.w = nnx.Param(jnp.ones(4))", "return (x + 1) * self.w[...]",
        ),
        Rung.OUTPUTS,
    ),
    "an array in a list": (of_list("xs[1].mul_(2)", "pass"), Rung.OUTPUTS),
    "what is added to a list": (of_list("xs.append(xs[0] + 1)", "pass"), Rung.OUTPUTS),
    "what is removed from a list": (of_list("xs.pop()", "pass"), Rung.OUTPUTS),
    "one of several results is detached": (
        function("y = x * 2; return y, y.detach()", "y = x * 2; return y, y"),
        Rung.GRADIENTS,
    ),
}  # fmt: skip

KEPT: dict[str, Pair] = {
    "an argument that is handed back": function("x.add_(1); return x", "return x + 1"),
    "a view of it": function("x.add_(1); return x.view(-1)", "return (x + 1).ravel()"),
    "memory that a layer saves": function(
        "return nn.functional.silu(x, inplace=True).sum()", "return jax.nn.silu(x).sum()"
    ),
    "a copy is changed": function("x = x.clone(); x += 1; return x.sum()", "return (x + 1).sum()"),
    "what is added to a list": of_list("xs.append(xs[0] + 1)", "xs.append(xs[0] + 1)"),
    "an item of a list": of_list("xs[1] = xs[1] * 2", "xs[1] = xs[1] * 2"),
    "an array in a list": of_list("xs[1].mul_(2)", "xs[1] *= 2"),
    "what is removed from a list": of_list("xs.pop()", "xs.pop()"),
    "one of several results is detached": function(
        "y = x * 2; return y, y.detach()", "y = x * 2; return y, lax.stop_gradient(y)"
    ),
    "a loop without gradients": function(
        "y = x.detach()\n    for _ in range(3): y = y * 2\n    return x * 2, y",
        "y = lax.while_loop(lambda s: s[0] < 3, lambda s: (s[0] + 1, s[1] * 2), (0, x))[1]\n"
        "    return x * 2, lax.stop_gradient(y)",
    ),
}


@pytest.mark.parametrize("name", LOST)
def test_what_is_lost_differs(check: Callable[..., Verdict], name: str) -> None:
    pair, rung = LOST[name]
    verdict = check(*pair)
    assert verdict.status == "differs", verdict
    assert [item.rung for item in verdict.evidence if item.outcome == "failed"] == [rung], verdict


@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept_is_verified(check: Callable[..., Verdict], name: str) -> None:
    verdict = check(*KEPT[name])
    assert verdict.status == "verified", verdict


SETUP = "def setup({}):\n    return {}, {}\n"
MODEL_JAX = "*, rngs", "nnx.Linear(4, 3, rngs=rngs)", "jax.random.normal(rngs(), (8, 4))"
GRADIENTS: Pair = (
    TORCH + SETUP.format("", "nn.Linear(4, 3)", "torch.randn(8, 4)") + "# tojax: inputs=setup()\n"
    "def f(model, x):\n    model.zero_grad()\n    x.requires_grad_()\n"
    "    loss = (model(x) ** 2).mean()\n    loss.backward()\n    return RESULT\n",
    JAX + SETUP.format(*MODEL_JAX)
    + "def f(model, x):\n    loss = lambda x: (model(x) ** 2).mean()\n    return RESULT\n",
)  # fmt: skip


@pytest.mark.parametrize(
    ("torch_result", "jax_result", "status"),
    [
        ("loss", "loss(x)", "unverified"),
        ("x.grad.sign()", "jnp.sign(jax.grad(loss)(x))", "verified"),
    ],
)
def test_gradients_that_are_left(
    check: Callable[..., Verdict], torch_result: str, jax_result: str, status: str
) -> None:
    verdict = check(
        GRADIENTS[0].replace("RESULT", torch_result), GRADIENTS[1].replace("RESULT", jax_result)
    )
    assert verdict.status == status, verdict
