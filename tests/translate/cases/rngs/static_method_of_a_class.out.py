import jax
from flax import nnx


class Noise:
    @staticmethod
    def draw(n: int, *, rngs: nnx.Rngs) -> jax.Array:
        return jax.random.normal(rngs(), (n, 2))


def sample(n: int, *, rngs: nnx.Rngs) -> jax.Array:
    return Noise.draw(n, rngs=rngs)
