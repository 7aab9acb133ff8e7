import jax
from flax import nnx


def draws(n: int, *, rngs: nnx.Rngs) -> list[jax.Array]:
    make = lambda k: jax.random.uniform(rngs(), (k, 2))  # noqa: E731
    return [make(k) for k in range(n)]
