"""Write `jax_names.json` of the allow-list: the public names of the modules that drafts may use.

It tells by them, without importing JAX, what is a function or class and what is a
module that leads elsewhere. Run with the pinned versions; a test fails when it is out of date.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

MODULES = (
    "einops",
    "flax.core",
    "flax.linen",
    "flax.linen.initializers",
    "flax.nnx",
    "flax.nnx.initializers",
    "flax.struct",
    "flax.traverse_util",
    "jax",
    "jax.debug",
    "jax.dtypes",
    "jax.errors",
    "jax.experimental.checkify",
    "jax.experimental.sparse",
    "jax.flatten_util",
    "jax.image",
    "jax.lax",
    "jax.lax.linalg",
    "jax.nn",
    "jax.nn.initializers",
    "jax.numpy",
    "jax.numpy.fft",
    "jax.numpy.linalg",
    "jax.ops",
    "jax.random",
    "jax.scipy",
    "jax.scipy.fft",
    "jax.scipy.integrate",
    "jax.scipy.interpolate",
    "jax.scipy.linalg",
    "jax.scipy.ndimage",
    "jax.scipy.signal",
    "jax.scipy.sparse.linalg",
    "jax.scipy.special",
    "jax.scipy.stats",
    "jax.scipy.stats.norm",
    "jax.sharding",
    "jax.tree",
    "jax.tree_util",
    "jax.typing",
    "numpy",
    "numpy.fft",
    "numpy.linalg",
    "numpy.random",
    "optax",
    "optax.contrib",
    "optax.losses",
    "optax.projections",
    "optax.schedules",
    "optax.transforms",
    "optax.tree",
    "optax.tree_utils",
)


def module_of(name: str) -> ModuleType:
    """A module by the path that code uses, which need not be where it is defined."""
    parent, _, last = name.rpartition(".")
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        module: ModuleType = getattr(module_of(parent), last)
        return module


def public_names(module: ModuleType) -> list[str]:
    """The names of a module that are public and no modules."""
    return sorted(
        name
        for name in dir(module)
        if not name.startswith("_") and not isinstance(getattr(module, name), ModuleType)
    )


def table() -> dict[str, list[str]]:
    """Module → its public names."""
    return {name: public_names(module_of(name)) for name in MODULES}


if __name__ == "__main__":
    target = (
        Path(__file__).parents[1] / "server" / "tojax" / "model" / "allow_list" / "jax_names.json"
    )
    target.write_text(
        "{\n"
        + ",\n".join(f'"{name}": "{" ".join(names)}"' for name, names in table().items())
        + "\n}\n",
        encoding="utf-8",
    )
