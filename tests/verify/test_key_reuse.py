"""A random key is for one draw: replayed numbers must not hide one that is used twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.verify.pairs import JAX, TORCH
from tojax.nouns import Rung, Verdict


def function(torch_body: str, jax_body: str) -> tuple[str, str]:
    torch_body, jax_body = (b.replace("\n", "\n    ") for b in (torch_body, jax_body))
    return (
        f"{TORCH}# tojax: inputs=(float32[8],)\ndef f(x):\n    {torch_body}\n",
        f"{JAX}\nkey = jax.random.key(0)\n\n\ndef f(x):\n    {jax_body}\n",
    )


TORCH_MODULE = f"""{TORCH}
class Noise(nn.Module):
    def forward(self, x):
        BODY


def get_inputs():
    return [torch.randn(3, 4)]
"""
JAX_MODULE = f"""{JAX}
class Noise(nnx.Module):
    def __init__(self, *, rngs):
        self.rngs = rngs
        self.key = nnx.RngKey(rngs(), tag="noise")
        self.drops = nnx.List([nnx.Dropout(0.5, rngs=RNGS) for _ in range(2)])

    def __call__(self, x):
        BODY
"""


def module(torch_body: str, jax_body: str, rngs: str = "rngs") -> tuple[str, str]:
    jax_body = jax_body.replace("\n", "\n        ")
    version = JAX_MODULE.replace("BODY", jax_body).replace("RNGS", rngs)
    return TORCH_MODULE.replace("BODY", torch_body), version


TWO = "return torch.randn(8) + x * torch.randn(8)"
SEEDED = "torch.manual_seed(1)\na = torch.randn(8)\ntorch.manual_seed({})\n"
OWN = "g = torch.Generator().manual_seed(1)\na = torch.randn(8, generator=g)\n"
ADDED = "return a + x * torch.randn(8{})"
ONE_KEY = "return jax.random.normal(key, (8,)) + x * jax.random.normal(key, (8,))"
DROPPED_TWICE = "return F.dropout(F.dropout(x, 0.5, self.training), 0.5, self.training)"

WRONG = {
    "one key for two draws": function(TWO, ONE_KEY),
    "two equal keys": function(TWO, ONE_KEY.replace("key", "jax.random.PRNGKey(3)")),
    "one key for draws of two kinds": function(
        "return torch.randn(8) + x * torch.rand(8)",
        "return jax.random.normal(key, (8,)) + x * jax.random.uniform(key, (8,))",
    ),
    "one key in a loop": function(
        "return torch.stack([x[torch.randperm(8)] for _ in range(3)])",
        "return jnp.stack([x[jax.random.permutation(key, 8)] for _ in range(3)])",
    ),
    "a mask that jit has frozen": function(
        "return F.dropout(x) + F.dropout(x)",
        "@jax.jit\ndef dropout(x):\n    kept = jax.random.bernoulli(key, 0.5, x.shape)\n"
        "    return jnp.where(kept, x / 0.5, 0)\nreturn dropout(x) + dropout(x)",
    ),
    "one key where PyTorch takes another seed": function(
        SEEDED.format(2) + ADDED.format(""), ONE_KEY
    ),
    "one key where a generator goes on": function(OWN + ADDED.format(", generator=g"), ONE_KEY),
    "one key for a generator and the other": function(OWN + ADDED.format(""), ONE_KEY),
    "layers with the same seed": module(
        DROPPED_TWICE, "return self.drops[1](self.drops[0](x))", "nnx.Rngs(0)"
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_key_used_twice_differs(check: Callable[..., Verdict], name: str) -> None:
    verdict = check(*WRONG[name])
    assert verdict.status == "differs", verdict
    failed = [item.rung for item in verdict.evidence if item.outcome == "failed"]
    assert failed == [Rung.OUTPUTS]
    assert "has used" in verdict.message and "line " in verdict.message


def test_the_message_names_both_lines(check: Callable[..., Verdict]) -> None:
    body = "a = jax.random.normal(key, (8,))\nb = jax.random.normal(key, (8,))\nreturn a + x * b"
    source, version = function(TWO, body)
    verdict = check(source, version)
    lines = version.splitlines()
    for text in ("a = jax.random.normal(key, (8,))", "b = jax.random.normal(key, (8,))"):
        number = lines.index("    " + text) + 1
        assert f"line {number} of code_under_test.py: {text}" in verdict.message


FROZEN = {
    "a key that the module keeps": "return x + jax.random.normal(self.key[...], x.shape)",
    "a constant key": "return x + jax.random.normal(jax.random.key(7), x.shape)",
}


@pytest.mark.parametrize("name", FROZEN)
def test_a_module_with_the_same_noise_at_each_call_differs(
    check: Callable[..., Verdict], name: str
) -> None:
    verdict = check(*module("return x + torch.randn_like(x)", FROZEN[name]))
    assert verdict.status == "differs", verdict
    assert "at the next call" in verdict.message


RIGHT = {
    "keys that are split": function(
        TWO,
        "a, b = jax.random.split(key)\n"
        "return jax.random.normal(a, (8,)) + x * jax.random.normal(b, (8,))",
    ),
    "one key where PyTorch takes the same seed": function(
        SEEDED.format(1) + ADDED.format(""), ONE_KEY
    ),
    "one key for two generators with the same seed": function(
        OWN + "g = torch.Generator().manual_seed(1)\n" + ADDED.format(", generator=g"), ONE_KEY
    ),
    "one draw used twice": function(
        "a = torch.randn(8)\nreturn a + x * a",
        "a = jax.random.normal(key, (8,))\nreturn a + x * a",
    ),
    "a key folded with a step": function(
        "return torch.stack([x[torch.randperm(8)] for _ in range(3)])",
        "return jnp.stack(\n"
        "    [x[jax.random.permutation(jax.random.fold_in(key, i), 8)] for i in range(3)]\n)",
    ),
    "draws of one number each": function(
        "return x[torch.randint(0, 1, (3,))] + x[torch.randint(0, 1, (3,))]",
        "a, b = (jax.random.randint(key, (3,), 0, 1) for _ in range(2))\nreturn x[a] + x[b]",
    ),
    "a function that begins with a seed": function(
        "return x + torch.randn(8)", "return x + jax.random.normal(jax.random.key(0), (8,))"
    ),
    "a module that goes on": module(
        "return x + torch.randn_like(x)", "return x + jax.random.normal(self.rngs(), x.shape)"
    ),
    "a module that advances its key": module(
        "return x + torch.randn_like(x)",
        "self.key[...], own = jax.random.split(self.key[...])\n"
        "return x + jax.random.normal(own, x.shape)",
    ),
    "a module that PyTorch seeds at each call": module(
        "torch.manual_seed(7)\n        return x + torch.randn_like(x)",
        "return x + jax.random.normal(jax.random.key(7), x.shape)",
    ),
    "layers that share their streams": module(
        DROPPED_TWICE, "return self.drops[1](self.drops[0](x))"
    ),
}


def test_a_verdict_says_that_a_function_draws_the_same_at_each_call(
    check: Callable[..., Verdict],
) -> None:
    verdict = check(*RIGHT["a function that begins with a seed"])
    assert verdict.status == "verified" and "at the next call" in verdict.message, verdict
    source, version = RIGHT["a function that begins with a seed"]
    version = version.replace("f(x)", "f(x, *, rngs)").replace(
        "jax.random.key(0), (8", "rngs(), (8"
    )
    verdict = check(source, version)
    assert verdict.status == "verified" and not verdict.message, verdict


@pytest.mark.parametrize("name", RIGHT)
def test_keys_that_are_used_rightly_are_verified(check: Callable[..., Verdict], name: str) -> None:
    verdict = check(*RIGHT[name])
    assert verdict.status == "verified", verdict.message
