"""Mistakes that the usual inputs, or the first call, do not show: none may be verified."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.verify.builders import Pair, function, module, training
from tests.verify.pairs import JAX, TORCH
from tojax.nouns import Rung, Verdict

POSITIVE = (
    f"{TORCH}def f(x):\n    return F.relu(x)\n\ndef get_inputs():\n    return [torch.rand(3, 4)]\n",
    f"{JAX}def f(x):\n    return x\n",
)
COUNT = "self.register_buffer('count', torch.zeros(4))"
COUNT_JAX = "self.count = nnx.Variable(jnp.zeros(4))"
WEIGHT = "self.fc = nn.Linear(4, 4)"
WEIGHT_JAX = "self.fc = nnx.Linear(4, 4, rngs=rngs); self.rngs = rngs; self.d = nnx.Dropout(0.5)"
SKIPS = "return x if self.training and torch.rand(()) < 0.01 else self.fc(x)"

DIFFERS: dict[str, tuple[Pair, Rung]] = {
    "no branch for inputs below zero": (POSITIVE, Rung.OUTPUTS),
    "division of negative integers": (
        function("return x // 2", "return lax.div(x, 2)", "int64[9] < 9"),
        Rung.OUTPUTS,
    ),
    "no limit": (function("return F.relu6(x)", "return jax.nn.relu(x)"), Rung.OUTPUTS),
    "overflow": (
        function("return x.softmax(1)", "return jnp.exp(x) / jnp.exp(x).sum(1, keepdims=True)"),
        Rung.OUTPUTS,
    ),
    "never above a limit": (function("return (x > 99).sum()", "return jnp.array(0)"), Rung.OUTPUTS),
    "logits among masked ones": (
        function(
            "return (x * 2).masked_fill(x < 0, -1e9).detach()",
            "return lax.stop_gradient(jnp.where(x < 0, -1e9, x * 2.1))",
        ),
        Rung.OUTPUTS,
    ),
    "no momentum": (training("SGD(model.parameters(), 0.1, 0.9)", "sgd(0.1)"), Rung.OUTPUTS),
    "other decay of moments": (
        training("Adam(model.parameters(), 0.01, (0.5, 0.9))", "adam(0.01)"),
        Rung.OUTPUTS,
    ),
    "no weight decay": (
        training("SGD(model.parameters(), 0.01, weight_decay=1e-4)", "sgd(0.01)"),
        Rung.OUTPUTS,
    ),
    "the other way in small steps": (
        training("Adam(model.parameters(), 1e-6)", "adam(-1e-6)"),
        Rung.OUTPUTS,
    ),
    "a buffer that is not updated": (
        module(
            COUNT, "self.count += x.mean(0).detach(); return x * 2", COUNT_JAX, "return x * 2"
        ),
        Rung.TRAINING,
    ),
    "a buffer that is updated in eval mode": (
        module(
            COUNT, "return x * 2", COUNT_JAX,
            "self.count[...] += x.mean(); return x * 2",
        ),
        Rung.TRAINING,
    ),
    "what the call before left": (
        module(
            "self.last = 0", "x = x + self.last; self.last = x.detach(); return x",
            "pass", "return x",
        ),
        Rung.OUTPUTS,
    ),
    "the first result is kept": (
        module(
            "pass", "return x * 2", "self.kept = nnx.data(None)",
            "self.kept = nnx.data(x * 2) if self.kept is None else self.kept; return self.kept",
        ),
        Rung.OUTPUTS,
    ),
    "a frozen parameter is trained": (
        module(
            "self.w = nn.Parameter(torch.randn(4), requires_grad=False)", "return x * self.w",
            "self.w = nnx.Param(jnp.ones(4))", "return x * self.w[...]",
        ),
        Rung.BUILDS,
    ),
    "a layer that is never skipped": (
        module(
            WEIGHT, SKIPS, WEIGHT_JAX,
            "self.d.deterministic or jax.random.uniform(self.rngs()); return self.fc(x)",
        ),
        Rung.OUTPUTS,
    ),
    "a small gradient beside a large one": (
        module(
            "self.a, self.b = (nn.Parameter(torch.ones(4)) for _ in range(2))",
            "return (x * self.a * 1e7).sum() + (x * self.b).sum()",
            "self.a, self.b = (nnx.Param(jnp.ones(4)) for _ in range(2))",
            "return (x * self.a[...] * 1e7).sum() + lax.stop_gradient(x * self.b[...]).sum()",
        ),
        Rung.GRADIENTS,
    ),
    "layers that are copies of each other": (
        module(
            "self.a = nn.Linear(4, 4); self.b = copy.deepcopy(self.a)",
            "return self.b(self.a(x).relu()).argmax(1)",
            "self.a, self.b = (nnx.Linear(4, 4, rngs=rngs) for _ in range(2))",
            "return self.a(jax.nn.relu(self.a(x))).argmax(1)",
        ),
        Rung.OUTPUTS,
    ),
    "an attribute of an object": (
        function(
            "return x, torch.distributions.Normal(x, 2.0)",
            "class Normal: pass\n    n = Normal(); n.loc = x * 3; return x, n",
        ),
        Rung.OUTPUTS,
    ),
    "integers of another width": (
        function("return (x > 0).to(torch.int8)", "return (x > 0).astype(jnp.int32)"),
        Rung.OUTPUTS,
    ),
    "less precision": (
        function("return x.sign().detach()", "return jnp.sign(x).astype(jnp.bfloat16)"),
        Rung.OUTPUTS,
    ),
    "a table with its columns swapped": (
        module(
            "t = torch.arange(4.); self.register_buffer('t', torch.cat([t.sin(), t.cos()]))",
            "return x @ self.t.view(4, 2)",
            "t = jnp.arange(4.); self.t = nnx.Variable(jnp.concatenate([jnp.cos(t), jnp.sin(t)]))",
            "return x @ self.t[...].reshape(4, 2)",
        ),
        Rung.BUILDS,
    ),
    "a mask of the other triangle": (
        module(
            "self.register_buffer('mask', torch.ones(4, 4).tril().bool())",
            "return (x @ x.T @ x).masked_fill(~self.mask[:3], -1e9)",
            "self.mask = nnx.Variable(jnp.triu(jnp.ones((4, 4))).astype(bool))",
            "return jnp.where(self.mask[...][:3], x @ x.T @ x, -1e9)",
        ),
        Rung.BUILDS,
    ),
    "a temperature without its logarithm": (
        module(
            "self.t = nn.Parameter(torch.tensor(1 / 0.07).log())", "return x * self.t.exp()",
            "self.t = nnx.Param(jnp.array(1 / 0.07))", "return x * jnp.exp(self.t[...])",
        ),
        Rung.BUILDS,
    ),
    "a small scale that starts at one": (
        module(
            "self.g = nn.Parameter(1e-6 * torch.ones(4))", "return x * self.g",
            "self.g = nnx.Param(jnp.ones(4))", "return x * self.g[...]",
        ),
        Rung.BUILDS,
    ),
    "an epsilon that no input shows": (
        module(
            "self.n = nn.Sequential(nn.LayerNorm(4, eps=1e-12))", "return self.n(x * 99)",
            "self.n = nnx.Sequential(nnx.LayerNorm(4, epsilon=1e-9, rngs=rngs))",
            "return self.n(x * 99)",
        ),
        Rung.BUILDS,
    ),
    "a member of a set": (function("return x, {1, 2}", "return x, {1, 3}"), Rung.OUTPUTS),
    "a member of an enumeration": (
        function("return x, Color.RED", "return x, Color.BLUE"),
        Rung.OUTPUTS,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DIFFERS)
def test_hidden_mistake(check: Callable[..., Verdict], name: str) -> None:
    pair, rung = DIFFERS[name]
    verdict = check(*pair)
    assert verdict.status == "differs", verdict
    assert [item.rung for item in verdict.evidence if item.outcome == "failed"] == [rung], verdict


EMA = "class Average:\n    def __init__(self):\n        self.value = {}\n"
UNVERIFIED: dict[str, Pair] = {
    "a layer that is never skipped and draws nothing": module(
        WEIGHT, SKIPS, WEIGHT_JAX, "return self.fc(x)"
    ),
    "only an object changes": (
        f"{TORCH}{EMA}def setup():\n    return nn.Linear(4, 3), Average()\n"
        "# tojax: inputs=setup()\ndef f(model, average):\n"
        "    average.value = model.weight.detach()\n",
        f"{JAX}{EMA}def setup(*, rngs):\n"
        "    return nnx.Linear(4, 3, rngs=rngs), Average()\ndef f(model, average):\n    pass\n",
    ),
    "an object without arrays": function("return x, object()", "return x, object()"),
    "a result that is NaN": function(
        "return x, (x * float('nan')).detach()", "return x, lax.stop_gradient(x - jnp.nan)"
    ),
    "steps too small to be seen": training("SGD(model.parameters(), 1e-12)", "sgd(0.0)"),
}


@pytest.mark.parametrize("name", UNVERIFIED)
def test_what_nothing_shows_is_unverified(check: Callable[..., Verdict], name: str) -> None:
    verdict = check(*UNVERIFIED[name])
    assert verdict.status == "unverified", verdict
    assert verdict.message


COUNTER = """{}{}class Counter:
    def __init__(self):
        self.total = 0.0

    def __call__(self, x):
        self.total = self.total + x.sum()
        return self.total
"""

SAME: dict[str, Pair] = {
    "a branch": (POSITIVE[0], POSITIVE[1].replace("return x", "return jax.nn.relu(x)")),
    "logits among masked ones": function(
        "return (x @ x.T).masked_fill(x @ x.T < 0, -1e9)",
        "return jnp.where(x @ x.T < 0, -1e9, x @ x.T)",
    ),
    "Adam": training("Adam(model.parameters(), 1e-6)", "adam(1e-6)"),
    "weights from a seed of its own": module(
        "torch.manual_seed(5); self.w = nn.Parameter(torch.randn(4))", "return x * self.w",
        "self.w = nnx.Param(jnp.ones(4))", "return x * self.w[...]",
    ),
    "weights from a generator of its own": module(
        "g = torch.Generator().manual_seed(5); self.w = nn.Parameter(torch.randn(4, generator=g))",
        "return x * self.w",
        "self.w = nnx.Param(jnp.ones(4))", "return x * self.w[...]",
    ),
    "a buffer": module(
        COUNT, "self.count += x.mean(0).detach(); return x * 2", COUNT_JAX,
        "self.count[...] += lax.stop_gradient(x.mean(0)); return x * 2",
    ),
    "a buffer that is computed anew": module(
        "self.register_buffer('v', F.normalize(torch.tensor([1., 2, 3, 4]), dim=0))",
        "self.v = F.normalize(self.v.double(), dim=0).float(); return x * self.v",
        "v = jnp.arange(1.0, 5.0); self.v = nnx.Variable(v / jnp.linalg.norm(v))",
        "self.v[...] /= jnp.linalg.norm(self.v[...]); return x * self.v[...]",
    ),
    "what the call before left": module(
        "self.last = 0", "x = x + self.last; self.last = x.detach(); return x",
        "self.last = nnx.data(jnp.zeros(()))",
        "x = x + self.last; self.last = lax.stop_gradient(x); return x",
    ),
    "an epsilon that no input shows": module(
        "self.n = nn.Sequential(nn.LayerNorm(4, eps=1e-12))", "return self.n(x * 99)",
        "self.n = nnx.Sequential("
        "nnx.LayerNorm(4, epsilon=1e-12, use_fast_variance=False, rngs=rngs))",
        "return self.n(x * 99)",
    ),
    "a frozen parameter": module(
        "self.v, self.w = (nn.Parameter(torch.randn(4)) for _ in range(2)); "
        "self.w.requires_grad_(False)",
        "return x * self.w + self.v",
        "self.v, self.w = (nnx.Param(jnp.ones(4)) for _ in range(2)); "
        "self.w.set_metadata(requires_grad=False)",
        "return x * self.w[...] + self.v[...]",
    ),
    "an object with arrays": function(
        "return torch.distributions.Normal(x * 2, 2.0)",
        "class Normal: pass\n    n = Normal(); n.loc = x * 2; n.other = x; return n",
    ),
    "an object that a module gives": module(
        "self.w = nn.Parameter(torch.ones(4))",
        "return torch.distributions.Normal(x * self.w, 2.0), x",
        "self.w = nnx.Param(jnp.ones(4))",
        "n = type('Normal', (), {})(); n.loc = x * self.w[...]; return n, x",
    ),
    "an object that counts": (
        COUNTER.format(TORCH, "# tojax: init=() inputs=(float32[3],)\n"), COUNTER.format(JAX, "")
    ),
    "labels beside logits, and a loss that large ones bring to nothing": (
        TORCH + "# tojax: inputs=(float32[9], int64[9] < 2)\ndef f(x, y):\n"
        "    return F.binary_cross_entropy_with_logits(x, y.float())\n",
        JAX + "def f(x, y):\n"
        "    return (jax.nn.relu(x) - x * y + jnp.log1p(jnp.exp(-abs(x)))).mean()\n",
    ),
    "a layer that is skipped": module(
        WEIGHT, SKIPS, WEIGHT_JAX,
        "skip = 0.0 if self.d.deterministic else jax.random.uniform(self.rngs()) < 0.01; "
        "return jnp.where(skip, x, self.fc(x))",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_the_right_version_is_verified(check: Callable[..., Verdict], name: str) -> None:
    verdict = check(*SAME[name])
    assert verdict.status == "verified", verdict
