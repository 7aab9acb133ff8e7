import jax
from flax import nnx


def run(model: nnx.Module, x: jax.Array, learn: bool) -> jax.Array:
    model.train() if learn else model.eval()
    y = model(x)
    model.eval()
    return y
