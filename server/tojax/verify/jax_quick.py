"""Makes JAX compile quickly rather than well, for what is compiled in order to run once or twice.

Compiling takes most of a verification's time. Optimisation is turned off by JAX's own switch
(https://docs.jax.dev/en/latest/config_options.html#jax_disable_most_optimizations). Two more
savings, as large again, go through JAX's internals, and are left out where those are not as
expected: XLA's older code generator for the CPU, and one MLIR context instead of one per operation.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp

_OLDER_GENERATOR = ("xla_cpu_use_fusion_emitters", False)


@contextlib.contextmanager
def quick_compiler() -> Iterator[None]:
    """While entered, what JAX compiles for the CPU is compiled quickly."""
    configure: Any = jax.config.update
    before = jax.config.values["jax_disable_most_optimizations"]
    configure("jax_disable_most_optimizations", True)
    try:
        with _shared_context(), _older_generator() if _is_known() else contextlib.nullcontext():
            yield
    finally:
        configure("jax_disable_most_optimizations", before)


@functools.cache
def _is_known() -> bool:
    """Whether XLA has the older generator."""
    try:
        with _older_generator():
            jax.jit(lambda x: x + 1)(jnp.zeros(()))
    except Exception:
        return False
    return True


@contextlib.contextmanager
def _older_generator() -> Iterator[None]:
    def with_it(options: Callable[..., Any]) -> Callable[..., Any]:
        def get(*args: Any, **kwargs: Any) -> Any:
            found = options(*args, **kwargs)
            found.env_option_overrides = [*found.env_option_overrides, _OLDER_GENERATOR]
            return found

        return get

    with _replaced("jax._src.compiler", "get_compile_options", with_it):
        yield


@contextlib.contextmanager
def _shared_context() -> Iterator[None]:
    # Kept for as long as this lasts only: a context never frees the constants that it has seen.
    with _replaced("jax._src.interpreters.mlir", "make_ir_context", functools.cache):
        yield


@contextlib.contextmanager
def _replaced(module: str, name: str, change: Callable[[Any], Any]) -> Iterator[None]:
    """A function of a module changed, if there is one."""
    try:
        holder = importlib.import_module(module)
        function = getattr(holder, name)
    except (ImportError, AttributeError):
        yield
        return
    setattr(holder, name, change(function))
    try:
        yield
    finally:
        setattr(holder, name, function)
