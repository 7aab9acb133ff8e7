"""Compiling quickly changes how JAX compiles, for as long as it lasts, and nothing else."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import pytest
from jax._src import compiler
from jax._src.interpreters import mlir

from tojax.verify import jax_quick
from tojax.verify.jax_quick import quick_compiler


def _internals() -> tuple[object, ...]:
    unoptimised = jax.config.values["jax_disable_most_optimizations"]
    return unoptimised, compiler.get_compile_options, mlir.make_ir_context


def test_everything_is_restored() -> None:
    before = _internals()
    with pytest.raises(ZeroDivisionError), quick_compiler():
        assert all(new is not old for new, old in zip(_internals(), before, strict=True))
        raise ZeroDivisionError
    assert _internals() == before


def test_contexts_are_shared_while_it_lasts() -> None:
    with quick_compiler():
        assert mlir.make_ir_context() is mlir.make_ir_context()
        first = mlir.make_ir_context()
    with quick_compiler():
        assert mlir.make_ir_context() is not first
    assert mlir.make_ir_context() is not mlir.make_ir_context()


def test_results_are_the_same() -> None:
    x = jnp.linspace(-3, 3, 77)

    def call(x: jax.Array) -> jax.Array:
        return jnp.sum(jax.nn.softmax(jnp.outer(x, x)) * jnp.sin(x))

    usual = jax.jit(jax.value_and_grad(lambda x: call(x)))(x)
    with quick_compiler():
        quick = jax.jit(jax.value_and_grad(lambda x: call(x)))(x)
    assert all(jnp.allclose(one, other, rtol=1e-5) for one, other in zip(usual, quick, strict=True))


def test_an_xla_without_the_older_generator_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jax_quick, "_OLDER_GENERATOR", ("xla_cpu_no_such_option", False))
    jax_quick._is_known.cache_clear()
    try:
        with quick_compiler():
            assert jax.jit(lambda x: x * 3)(jnp.ones((3, 5))).sum() == 45
    finally:
        jax_quick._is_known.cache_clear()


def test_a_jax_without_these_internals_works() -> None:
    for module, name in [("jax._src.no_such_module", "f"), ("jax._src.compiler", "no_such_name")]:
        with jax_quick._replaced(module, name, lambda function: None):
            assert jax.jit(lambda x: x + 3)(1) == 4
