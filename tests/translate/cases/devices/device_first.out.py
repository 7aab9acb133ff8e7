import jax
import jax.numpy as jnp
from flax import nnx


def main():
    rngs = nnx.Rngs(0)
    model = nnx.Linear(4, 2, rngs=rngs)
    print(model(jax.random.normal(rngs(), (2, 4))))


def test(*, rngs: nnx.Rngs):
    print(nnx.Linear(4, 2, rngs=rngs)(jnp.ones((1, 4))))


if __name__ == "__main__":
    rngs = nnx.Rngs(0)
    main()
    test(rngs=rngs)
