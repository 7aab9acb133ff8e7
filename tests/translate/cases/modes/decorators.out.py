import jax
from flax import nnx


def predict(model: nnx.Module, x: jax.Array) -> jax.Array:
    model.eval()
    return model(x)


class Sampler:
    @staticmethod
    def draw(model: nnx.Module, x: jax.Array) -> jax.Array:
        return model(x)
