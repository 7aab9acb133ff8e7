import jax.numpy as jnp
from flax import nnx


def channels(model: nnx.Module, size: int):
    # a picture of zeros will do
    picture = jnp.zeros((1, 3, size, size))
    features = model(picture)
    return features.shape[1]
