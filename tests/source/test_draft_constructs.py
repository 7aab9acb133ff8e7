"""What is found in JAX code, and what is not."""

from __future__ import annotations

import pytest

from tojax.source.draft_constructs import draft_constructs

IMPORTS = (
    "import functools\nimport jax\nimport jax.numpy as jnp\nimport optax\nfrom flax import nnx\n"
)


def found(code: str) -> set[str]:
    """Kind and name of the constructs that are no imports."""
    return {
        f"{construct.kind} {construct.name}".strip()
        for construct in draft_constructs(IMPORTS + code)
        if construct.kind != "import"
    }


CASES = {
    "call": ("jnp.sum(1)", {"call jax.numpy.sum"}),
    "call of a name": ("from jax.nn import relu as r\nr(1)", {"call jax.nn.relu"}),
    "attribute": ("f = jax.jit", {"attribute jax.jit"}),
    "decorator": ("@jax.jit\ndef f(): ...", {"call jax.jit", "attribute jax.jit"}),
    "partial": (
        "functools.partial(jax.jit, static_argnums=0)",
        {"call jax.jit", "attribute jax.jit"},
    ),
    "method of an array": (
        "def f(x):\n    y = x + 1\n    return y.item()",
        {"method jax.Array.item"},
    ),
    "method of something": (
        "def f(x):\n    return g().item()",
        {"method jax.Array.item", "method flax.nnx.Module.item"},
    ),
    "method of a layer": (
        "m = nnx.Linear(1, 2)\nm.train()",
        {"call flax.nnx.Linear", "method flax.nnx.Linear.train", "method flax.nnx.Module.train"},
    ),
    "method of an optimizer": (
        "o = optax.adam(1)\no.init(1)",
        {"call optax.adam", "method optax.GradientTransformation.init"},
    ),
    "indexed update": (
        "def f(x):\n    return x.at[0].add(1)",
        {"method jax.Array.at.add", "attribute jax.Array.at"},
    ),
    "branch": ("def f(x):\n    if (x * 2).sum() > 0: ...", {"branch", "method jax.Array.sum"}),
    "branch on a shape": (
        "def f(x):\n    if x.shape[0] > 0: ...",
        {"attribute jax.Array.shape"},
    ),
    "branch on None": ("def f(x):\n    if x is not None: ...", set()),
    "branch on a flag": ("def f(x, n=3, deep: bool = None):\n    if n > 2 or deep: ...", set()),
    "branch on an option": ("def __init__(self, n):\n    if n: ...", set()),
    "branch on a computed value": (
        "def f(x):\n    y = jnp.any(x)\n    while y: ...",
        {"branch", "call jax.numpy.any"},
    ),
    "iterate": ("def f(x):\n    for row in x:\n        row += 1", {"iterate", "aug-assign"}),
    "item assignment": (
        "def f(x):\n    y = x.copy()\n    y[0] = 1\n    y[1] += 1",
        {"set-item", "aug-set-item", "method jax.Array.copy"},
    ),
    "item of a dictionary": ("def f():\n    d = {}\n    d[0] = 1", set()),
    "mask": ("def f(x):\n    m = ~(x > 0)\n    return x[m]", {"mask-index"}),
    "written mask": ("def f(x, m):\n    y = x[m > 0]\n    return y", {"mask-index"}),
    "mask that is assigned to": ("def f(x):\n    return x.at[x > 0].set(1)", {
        "method jax.Array.at.set", "attribute jax.Array.at",
    }),
    "list of layers": (
        "class A(nnx.Module): ...\nclass B(nnx.Module):\n    def __init__(self):\n"
        "        self.layers = [A() for _ in range(3)]",
        {"subclass flax.nnx.Module", "module-list", "attribute flax.nnx.Module.layers"},
    ),
    "no list of layers": ("class B:\n    def __init__(self):\n        self.n = [int(1)]", {
        "attribute flax.nnx.Module.n",
    }),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_constructs(name: str) -> None:
    code, expected = CASES[name]
    assert found(code) == expected


def test_places() -> None:
    code = (
        "class A(nnx.Module):\n"
        "    def __init__(self):\n        jnp.zeros(1)\n"
        "    def __call__(self, x):\n        for i in range(3):\n            jnp.ones('é', 1)\n"
    )
    calls = [c for c in draft_constructs(IMPORTS + code) if c.name.startswith("jax.numpy.")]
    zeros, ones = calls
    assert zeros.within == ("class", "module", "function", "init")
    assert ones.within == ("class", "module", "function", "forward", "loop")
    assert ones.arguments == ("0", "1")
    assert ones.place == (10, 12, 10, 28)


def test_imports_that_no_longer_exist() -> None:
    names = {c.name for c in draft_constructs("from jax import tree_map\nimport jax.config\n")}
    assert names == {"jax.tree_map", "jax.config"}
