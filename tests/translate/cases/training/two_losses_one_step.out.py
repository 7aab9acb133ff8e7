import jax
import jax.numpy as jnp
from flax import nnx


def step(model: nnx.Module, optimizer: nnx.Optimizer, x: jax.Array) -> None:
    grads = None

    def first_fn(model):
        first = jnp.mean(model(x))
        return first

    first, grads = nnx.value_and_grad(first_fn)(model)

    def second_fn(model):
        second = jnp.mean(model(2 * x))
        return second

    second, new_grads = nnx.value_and_grad(second_fn)(model)
    grads = new_grads if grads is None else jax.tree.map(jnp.add, grads, new_grads)
    optimizer.update(model, grads)
