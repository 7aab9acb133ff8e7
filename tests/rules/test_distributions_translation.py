"""Code that uses distributions, checkpoints and function transformations is translated whole."""

from __future__ import annotations

import inspect
import textwrap

import jax
import numpy as np
import pytest
import torch
from flax import nnx

from tests.rules.compare import assert_same, to_jax
from tests.rules.distributions import CASES, Case
from tests.rules.functional import normal
from tojax import translate

X = normal(3, 4)


def run(source: str, *inputs):
    """What ``f`` of the translated code gives, which must not need PyTorch."""
    translation = translate(source)
    assert not translation.unresolved, translation.unresolved
    assert "torch" not in translation.code
    names: dict = {}
    exec(compile(translation.code, "<translated>", "exec"), names)
    keys = {"rngs": nnx.Rngs(0)} if "rngs" in inspect.signature(names["f"]).parameters else {}
    return names["f"](*to_jax(inputs), **keys)


def run_torch(source: str, *inputs):
    """What ``f`` gives in PyTorch."""
    names: dict = {}
    exec(compile(source, "<source>", "exec"), names)
    return names["f"](*inputs)


def module_of(name: str) -> str:
    """The module that PyTorch defines a distribution in."""
    return getattr(torch.distributions, name).__module__


def snippet(case: Case, from_module: bool) -> str:
    """A function that makes the distribution from its arguments, draws, and takes the density."""
    origin = module_of(case.name) if from_module else "torch.distributions"
    arguments = ", ".join(f"{name}={name}" for name in case.parameters)
    draw = "rsample" if case.torch().has_rsample else "sample"
    return textwrap.dedent(f"""\
        import torch
        from {origin} import {case.name}


        def f({", ".join(case.parameters)}):
            m = {case.name}({arguments})
            a = m.{draw}((2,))
            return m.sample(), a, m.log_prob(a)
        """)


ONE_EACH = list({case.name: case for case in CASES}.values())


@pytest.mark.parametrize("case", ONE_EACH, ids=str)
@pytest.mark.parametrize("from_module", [False, True])
def test_every_distribution(case, from_module):
    source = snippet(case, from_module)
    translation = translate(source)
    assert not translation.unresolved, translation.unresolved
    assert "torch" not in translation.code
    assert "m.sample(rngs=rngs)" in translation.code
    if not from_module:
        names: dict = {}
        exec(compile(translation.code, "<translated>", "exec"), names)
        shapes = jax.eval_shape(
            lambda: names["f"](*to_jax(list(case.parameters.values())), rngs=nnx.Rngs(0))
        )
        expected = run_torch(source, *case.parameters.values())
        assert [shape.shape for shape in shapes] == [part.shape for part in expected]


CERTAIN = {
    "divergence": """
        import torch
        from torch.distributions import Independent, Normal, kl_divergence

        def f(x):
            q = Independent(Normal(x, 2.0), 1)
            p = Independent(Normal(torch.zeros_like(x), torch.ones_like(x)), 1)
            return kl_divergence(q, p).mean()
        """,
    "squashed": """
        import torch
        from torch import distributions as D

        def f(x):
            m = D.TransformedDistribution(D.Normal(x, 1.0), [D.TanhTransform(cache_size=1)])
            return m.log_prob(torch.tanh(x / 2)).sum(-1)
        """,
    "checkpoint": """
        import torch
        from torch.utils.checkpoint import checkpoint

        def block(x, y):
            return torch.sin(x) * y

        def f(x):
            return checkpoint(block, x, x + 1, use_reentrant=False)
        """,
    "func": """
        import torch
        from torch.func import grad, hessian, jacrev, vmap

        def f(x):
            def loss(row):
                return (torch.sin(row) * row).sum()
            return vmap(grad(loss))(x), torch.vmap(loss, in_dims=1)(x), hessian(loss)(x[0])
        """,
    "jacobian": """
        import torch
        from torch.autograd.functional import jacobian

        def f(x: torch.Tensor):
            return jacobian(torch.sin, x)
        """,
    "pytree": """
        import torch
        from torch.utils._pytree import tree_flatten, tree_map, tree_unflatten

        def f(x):
            leaves, spec = tree_flatten({"x": x, "y": [x, x]})
            return tree_map(lambda leaf: leaf + 1, tree_unflatten(leaves, spec))["y"]
        """,
}


@pytest.mark.parametrize("name", CERTAIN)
def test_results(name):
    source = textwrap.dedent(CERTAIN[name])
    assert_same(run(source, X), run_torch(source, X), rtol=1e-4, atol=1e-5)


def test_calls_that_inline_read_as_jax():
    code = translate(textwrap.dedent(CERTAIN["func"])).code
    assert "jax.vmap(jax.grad(loss))(x), jax.vmap(loss, in_axes=1)(x)" in code
    code = translate(textwrap.dedent(CERTAIN["jacobian"])).code
    assert "return jax.jacrev(jnp.sin)(x)" in code


def test_a_policy_samples_and_learns():
    """The gradient of the log-probability of a given action is PyTorch's."""
    source = """
        import torch
        from torch.distributions.categorical import Categorical

        def f(logits):
            m = Categorical(logits=logits)
            action = m.sample()
            chosen = torch.zeros_like(action)
            return m.log_prob(chosen).sum(), m.entropy().mean()
        """
    source = textwrap.dedent(source)
    tensor = X.clone().requires_grad_()
    run_torch(source, tensor)[0].backward()
    gradient = jax.grad(lambda x: run_array(source, x))(to_jax(X))
    np.testing.assert_allclose(gradient, tensor.grad, rtol=1e-5, atol=1e-6)


def run_array(source: str, x: jax.Array) -> jax.Array:
    """The first result of the translated code for an array that is traced."""
    names: dict = {}
    exec(compile(translate(source).code, "<translated>", "exec"), names)
    return names["f"](x, rngs=nnx.Rngs(0))[0]


def test_memory_and_settings():
    translation = translate(
        textwrap.dedent("""\
        import torch

        torch.set_default_device("cuda")
        print(torch.cuda.max_memory_allocated(), torch.distributed.get_rank())
        """)
    )
    assert not translation.unresolved and "torch" not in translation.code
