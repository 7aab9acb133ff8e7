import jax
from flax import nnx


def swap(model: nnx.Module, x: jax.Array) -> jax.Array:
    model.eval()
    y = model(x)
    model.train()
    return y
