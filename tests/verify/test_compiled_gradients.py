"""Compiling gradients changes no verdict: neither for code that compiles parts of itself, nor for
derivatives that depend on what was called before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.verify.builders import Pair
from tests.verify.pairs import JAX, TORCH
from tojax.nouns import Rung, Verdict

INPUTS = "\n# tojax: inputs=(float32[3, 4],)\n"
NOISE = f"{TORCH}{INPUTS}def f(x):\n    return torch.sin(x) * torch.randn(x.shape)\n"

SAME: dict[str, Pair] = {
    "a compiled function that draws": (
        NOISE,
        f"""{JAX}
@jax.jit
def noisy(x, key):
    return jnp.sin(x) * jax.random.normal(key, x.shape)

def f(x, *, rngs):
    return noisy(x, rngs.noise())
""",
    ),
    "a loop's body that draws": (
        f"""{TORCH}{INPUTS}def f(x):
    for _ in range(3):
        x = torch.sin(x) * torch.randn(x.shape)
    return x
""",
        f"""{JAX}
def body(x, key):
    return jnp.sin(x) * jax.random.normal(key, x.shape), None

def f(x, *, rngs):
    return lax.scan(body, x, jax.random.split(rngs.noise(), 3))[0]
""",
    ),
    "compiled dropout": (
        f"""{TORCH}
class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        return F.dropout(self.fc(x), 0.5, self.training)

def get_inputs():
    return [torch.randn(5, 4)]
""",
        f"""{JAX}
import functools

@functools.partial(jax.jit, static_argnames="p")
def dropout(x, p, key):
    return jnp.where(jax.random.bernoulli(key, 1 - p, x.shape), x / (1 - p), 0)

class Model(nnx.Module):
    def __init__(self, *, rngs):
        self.fc = nnx.Linear(4, 3, rngs=rngs)
        self.rngs = rngs
        self.deterministic = False

    def __call__(self, x):
        y = self.fc(x)
        return y if self.deterministic else dropout(y, 0.5, self.rngs.dropout())
""",
    ),
    "numbers from NumPy": (
        f"import numpy as np\n{TORCH}{INPUTS}def f(x):\n    return x.sin() * np.random.rand()\n",
        f"import numpy as np\n{JAX}def f(x):\n    return jnp.sin(x) * np.random.rand()\n",
    ),
    "a branch on values": (
        f"{TORCH}{INPUTS}def f(x):\n    return x.sin() if x.sum() > 0 else x.cos()\n",
        f"{JAX}def f(x):\n    return lax.cond(x.sum() > 0, jnp.sin, jnp.cos, x)\n",
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_right_gradients_are_verified(check: Callable[..., Verdict], name: str) -> None:
    verdict = check(*SAME[name])
    assert verdict.status == "verified", verdict.message
    assert Rung.GRADIENTS in {e.rung for e in verdict.evidence if e.outcome == "passed"}


def test_a_file_may_configure_jax_before_it_starts(check: Callable[..., Verdict]) -> None:
    """Nothing is compiled until the file has been imported."""
    source = f"{TORCH}{INPUTS}def f(x):\n    return x.sin()\n"
    version = (
        f"{JAX}jax.config.update('jax_num_cpu_devices', 3)\nassert len(jax.devices()) == 3\n"
        "def f(x):\n    return jnp.sin(x)\n"
    )
    verdict = check(source, version)
    assert verdict.status == "verified", verdict.message


def test_a_derivative_that_remembers_the_first_call_differs(check: Callable[..., Verdict]) -> None:
    source = f"{TORCH}{INPUTS}def f(x):\n    return torch.sin(x)\n"
    version = f"""{JAX}
saved = {{}}

@jax.custom_vjp
def f(x):
    return jnp.sin(x)

def backward(x, cotangent):
    if x.shape not in saved:
        saved[x.shape] = jnp.cos(x)
    return (cotangent * saved[x.shape],)

f.defvjp(lambda x: (f(x), x), backward)
"""
    verdict = check(source, version)
    assert verdict.status == "differs", verdict
    assert "gradient" in verdict.message
