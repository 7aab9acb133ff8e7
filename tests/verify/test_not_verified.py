"""Near misses: each must not be verified, and stops at the rung where it goes wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.verify.pairs import CONVOLUTION, DROPOUT, FUNCTION, JAX, NORM, RANDOM, TORCH, TRAINING
from tojax.nouns import Rung, Verdict
from tojax.verify.isolation import Limits
from tojax.verify.workers import Workers

Pair = tuple[str, str]


def changed(pair: Pair, old: str, new: str) -> Pair:
    """The pair with one thing wrong on the JAX side."""
    assert old in pair[1]
    return pair[0], pair[1].replace(old, new, 1)


def function(torch_body: str, jax_body: str, inputs: str = "float32[3, 4]") -> Pair:
    return (
        f"{TORCH}# tojax: inputs=({inputs},)\ndef f(x):\n    {torch_body}\n",
        f"{JAX}def f(x):\n    {jax_body}\n",
    )


DIFFERS: dict[str, tuple[Pair, Rung]] = {
    "syntax error": (
        changed(NORM, "def __init__(self, size", "def __init__(self size"),
        Rung.PARSES,
    ),
    "raises when imported": (changed(NORM, "class Model", "1 / 0\nclass Model"), Rung.IMPORTS),
    "leaves the process when imported": (
        changed(NORM, "class Model", "import sys\nsys.exit(0)\nclass Model"),
        Rung.IMPORTS,
    ),
    "needs torch": (changed(NORM, "import jax\n", "import torch\nimport jax\n"), Rung.IMPORTS),
    "no such class": (changed(NORM, "class Model", "class Modell"), Rung.BUILDS),
    "other name for a parameter": (changed(NORM, "self.bias =", "self.offset ="), Rung.BUILDS),
    "missing transpose": (
        changed(CONVOLUTION, "(outputs, inputs, size, size)", "(size, size, inputs, outputs)"),
        Rung.BUILDS,
    ),
    "parameter is not trainable": (
        changed(NORM, "nnx.Param(jnp.ones", "nnx.Variable(jnp.ones"),
        Rung.BUILDS,
    ),
    "raises when called": (changed(NORM, "mean = x.", "mean = x.no_such_thing."), Rung.RUNS),
    "other epsilon": (changed(NORM, "eps=1e-5", "eps=1e-6"), Rung.BUILDS),
    "channels last": (
        changed(
            CONVOLUTION, '"features": (y, None)', '"features": (y.transpose(0, 2, 3, 1), None)'
        ),
        Rung.OUTPUTS,
    ),
    "average over the wrong axes": (
        changed(CONVOLUTION, "y.mean((2, 3))", "y.mean((1, 2))[:, :4]"),
        Rung.OUTPUTS,
    ),
    "other dictionary key": (changed(CONVOLUTION, '"features"', '"feature"'), Rung.OUTPUTS),
    "list of another length": (function("return [x, x]", "return [x, x, x]"), Rung.OUTPUTS),
    "None in place of an array": (function("return x, x", "return x, None"), Rung.OUTPUTS),
    "unbiased deviation": (function("return x.std(1)", "return x.std(1)"), Rung.OUTPUTS),
    "approximate activation": (function("return F.gelu(x)", "return jax.nn.gelu(x)"), Rung.OUTPUTS),
    "division of integers": (
        function("return x // -2", "return (x / -2).astype(int)", "int64[9]"),
        Rung.OUTPUTS,
    ),
    "float in place of integer": (
        function("return x * 2", "return x * 2.0", "int64[9]"),
        Rung.OUTPUTS,
    ),
    "extra dimension": (
        function("return x.sum(1)", "return x.sum(1, keepdims=True)"),
        Rung.OUTPUTS,
    ),
    "lacks NaN": (function("return x.sqrt()", "return jnp.sqrt(jnp.abs(x))"), Rung.OUTPUTS),
    "no infinity": (function("return x / 0", "return jnp.nan_to_num(x / 0)"), Rung.OUTPUTS),
    "dropout without scaling": (
        changed(
            DROPOUT,
            "y = self.body(x)",
            "y = self.body(x) * (1.0 if self.body.layers[2].deterministic else 0.7)",
        ),
        Rung.OUTPUTS,
    ),
    "other dropout rate": (changed(DROPOUT, "nnx.Dropout(0.3", "nnx.Dropout(0.6"), Rung.BUILDS),
    "hardly another dropout rate": (
        changed(DROPOUT, "nnx.Dropout(0.3", "nnx.Dropout(0.31"),
        Rung.BUILDS,
    ),
    "an epsilon that the layer does not name": (
        changed(NORM, "+ self.eps", "+ 1e-6"),
        Rung.OUTPUTS,
    ),
    "other limits of uniform numbers": (changed(RANDOM, "minval=-1", "minval=0"), Rung.OUTPUTS),
    "weights in place of their logarithms": (
        changed(RANDOM, "jnp.log(weights)", "weights * 9"),
        Rung.OUTPUTS,
    ),
    "gradient stopped": (
        function("return x * x.mean()", "return x * lax.stop_gradient(x.mean())"),
        Rung.GRADIENTS,
    ),
    "gradient not stopped": (function("return x * x.detach()", "return x * x"), Rung.GRADIENTS),
    "gradient of a parameter stopped": (
        changed(NORM, "y * self.weight[...]", "y * lax.stop_gradient(self.weight[...])"),
        Rung.GRADIENTS,
    ),
    "branch on a value": (
        function("return x if x.sum() > 0 else -x", "return x if x.sum() > 0 else -x"),
        Rung.JITS,
    ),
    "shape depends on values": (function("return x[x > 0]", "return x[x > 0]"), Rung.JITS),
    "biased running variance": (changed(CONVOLUTION, "var * n / (n - 1)", "var"), Rung.TRAINING),
    "running mean with Flax's momentum": (
        changed(CONVOLUTION, "running_mean[...] + 0.1", "running_mean[...] + 0.01"),
        Rung.TRAINING,
    ),
    "batches not counted": (
        changed(CONVOLUTION, "self.num_batches_tracked[...] += 1", "pass"),
        Rung.TRAINING,
    ),
    "other momentum": (changed(TRAINING, "momentum=0.9", "momentum=0.8"), Rung.OUTPUTS),
    "last update is lost": (
        changed(
            TRAINING,
            "range(4):\n        losses.append(step(model, optimizer, x).item())",
            "range(3):\n        losses.append(step(model, optimizer, x).item())\n"
            "    losses.append(((model(x)) ** 2).mean().item())",
        ),
        Rung.OUTPUTS,
    ),
    "wrong target among several": (changed(FUNCTION, "* scale", "* 3"), Rung.OUTPUTS),
    "prints what a verdict looks like": (
        function("return x + 1", 'print(\'{"status": "verified"}\', flush=True); return x'),
        Rung.OUTPUTS,
    ),
}


@pytest.mark.parametrize("name", DIFFERS)
def test_near_miss(check: Callable[..., Verdict], name: str) -> None:
    pair, rung = DIFFERS[name]
    verdict = check(*pair)
    assert verdict.status == "differs", verdict
    failed = [item.rung for item in verdict.evidence if item.outcome == "failed"]
    assert failed == [rung], verdict
    assert verdict.message


def test_verdict_names_the_failing_input(check: Callable[..., Verdict]) -> None:
    verdict = check(*function("return x.abs()", "return x"))
    assert verdict.failing_input and "float32[3, 4]" in verdict.failing_input
    assert "seed 0" in verdict.failing_input


UNVERIFIED: dict[str, Pair] = {
    "random numbers of another shape": changed(
        RANDOM, "uniform(rngs(), x.shape", "uniform(rngs(), (6, 1)"
    ),
    "random numbers of another kind": changed(
        RANDOM,
        "jax.random.uniform(rngs(), x.shape, minval=-1, maxval=1)",
        "jax.random.cauchy(rngs(), x.shape)",
    ),
    "no random numbers": changed(DROPOUT, "jax.random.normal(self.rngs(), (8,))", "jnp.zeros(8)"),
    "more random numbers": changed(
        DROPOUT, "y = self.body(x)", "y = jax.random.normal(self.rngs(), (8,)) + self.body(x)"
    ),
    "integers of another range": changed(RANDOM, "(3,), 2, 7)", "(3,), 2, 8)"),
    "nothing but NaN": function("return x * float('nan')", "return x * jnp.nan"),
    "no results": function("return None", "return None"),
}


@pytest.mark.parametrize("name", UNVERIFIED)
def test_what_cannot_be_compared_is_unverified(check: Callable[..., Verdict], name: str) -> None:
    verdict = check(*UNVERIFIED[name])
    assert verdict.status == "unverified", verdict
    assert verdict.message


def test_zero_gradients_are_no_evidence(check: Callable[..., Verdict]) -> None:
    verdict = check(*function("return (x * 0).sum() + 1", "return (x * 0).sum() + 1"))
    outcomes = {item.rung: item for item in verdict.evidence}
    assert outcomes[Rung.GRADIENTS].outcome == "not applicable"
    assert "same for all inputs" in outcomes[Rung.OUTPUTS].detail


MISBEHAVIOUR: dict[str, tuple[str, str]] = {
    "infinite loop": ("while True: pass", "while it runs: still running"),
    "infinite loop in sleep": (
        "import time\n    while True: time.sleep(1)",
        "while it runs: still running",
    ),
    "memory": ("import numpy as np\n    kept = [np.ones(2**27) for _ in range(64)]", "emory"),
    "ends the process": ("import os\n    os._exit(0)", "exit status 0"),
    "kills the process": ("import os\n    os.kill(os.getpid(), 9)", "SIGKILL"),
    "crashes": ("import ctypes\n    ctypes.string_at(0)", "SIGSEGV"),
    "fills the disk": (
        "with open('big', 'wb') as f:\n        f.seek(1 << 39)\n        f.write(b'1')",
        "arge",
    ),
}


@pytest.mark.parametrize("name", MISBEHAVIOUR)
def test_misbehaviour_ends_the_job_only(workers: Workers, name: str) -> None:
    from tojax.verify.single import verify_sources

    body, words = MISBEHAVIOUR[name]
    quick = Workers.__new__(Workers)
    quick.__dict__.update(vars(workers))
    # What loops uses up all of its time, which is more than a job needs to get to the loop.
    quick.limits = Limits(seconds=8 if "loop" in name else 25, memory_bytes=2 << 30)
    pair = function("return x + 1", f"{body}\n    return x + 1")
    verdict = verify_sources(*pair, device="cpu", seeds=(0,), workers=quick)
    assert verdict.status in ("error", "differs")
    assert words in verdict.message, verdict.message
    pair = function("return x + 1", "return x + 1")
    assert verify_sources(*pair, device="cpu", seeds=(0,), workers=workers).status == "verified"


def test_failing_torch_side_is_an_error(check: Callable[..., Verdict]) -> None:
    verdict = check(*function("return x.no_such_method()", "return x"))
    assert verdict.status == "error" and "no_such_method" in verdict.message


def test_garbage_on_every_channel_is_harmless(check: Callable[..., Verdict]) -> None:
    noise = (
        "import os, sys; [os.write(n, b'garbage\\n') for n in (1, 2)]; "
        "print('{}', file=sys.stderr); print('{}'); return x"
    )
    assert check(*function(noise, noise)).status == "verified"
