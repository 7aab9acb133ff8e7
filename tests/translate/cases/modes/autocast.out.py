import jax
from flax import nnx


def run(model: nnx.Module, x: jax.Array) -> jax.Array:
    # No autocast: JAX computes in the dtypes of its arrays.
    return model(x)


def remark(x):
    # No autocast: JAX computes in the dtypes of its arrays.
    y = jax.nn.sigmoid(x)  # a remark
    return y
