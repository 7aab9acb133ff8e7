import jax.numpy as jnp
from flax import nnx


def evaluate(model: nnx.Module, loader) -> float:
    total = 0.0
    for x, y in loader:
        loss = jnp.mean((model(x) - y) ** 2)
        total += loss.item()
    return total
