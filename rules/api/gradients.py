"""Parameters beside their gradients."""

from collections.abc import Iterator

from flax import nnx
from jax import Array

from .module_tree import parameters


def with_gradients(module: nnx.Module, grads: nnx.State) -> Iterator[tuple[nnx.Param, Array]]:
    """Each parameter of a module with its gradient."""
    holder = nnx.clone(module)
    nnx.update(holder, grads)
    yield from zip(parameters(module), [param[...] for param in parameters(holder)], strict=True)
