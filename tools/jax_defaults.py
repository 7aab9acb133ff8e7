"""Write `rules/jax_defaults.json`: the default arguments of JAX's public functions.

The engine drops an argument that equals the callee's own default, and must know that default
without importing JAX. Run with the pinned versions; a test fails when the file is out of date.
"""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from types import ModuleType

import jax
import jax.numpy as jnp
import jax.scipy.special
import optax
from flax import nnx

_MODULES: dict[str, ModuleType] = {
    "jax.numpy": jnp,
    "jax.numpy.linalg": jnp.linalg,
    "jax.numpy.fft": jnp.fft,
    "jax.nn": jax.nn,
    "jax.nn.initializers": jax.nn.initializers,
    "jax.lax": jax.lax,
    "jax.random": jax.random,
    "jax.scipy.special": jax.scipy.special,
    "jax.scipy.linalg": jax.scipy.linalg,
    "jax": jax,
    "optax": optax,
    "flax.nnx": nnx,
}


def defaults_of(function: object) -> dict[str, object]:
    """Parameters of a callable whose default is a plain constant, or a dtype of `jax.numpy`.

    A tuple is given as its text, since JSON has no tuples.
    """
    target = function.__init__ if inspect.isclass(function) else function
    try:
        parameters = inspect.signature(target).parameters.values()  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return {}
    found: dict[str, object] = {}
    for parameter in parameters:
        default = parameter.default
        if isinstance(default, bool | int | float | str | None):
            found[parameter.name] = default
        elif isinstance(default, tuple) and all(isinstance(item, int) for item in default):
            found[parameter.name] = repr(default)
        elif default is jnp.float32:
            found[parameter.name] = ["jnp.float32"]
    return found


def table() -> dict[str, dict[str, object]]:
    """Qualified name → parameter → default, for every public callable of the modules."""
    found = {}
    for prefix, module in _MODULES.items():
        for name in dir(module):
            value = getattr(module, name)
            if not name.startswith("_") and callable(value):
                defaults = defaults_of(value)
                if defaults:
                    found[f"{prefix}.{name}"] = defaults
    return found


if __name__ == "__main__":
    target = Path(__file__).parents[1] / "rules" / "jax_defaults.json"
    target.write_text(json.dumps(table(), indent=0, sort_keys=True) + "\n", encoding="utf-8")
