import jax
from flax import nnx


def sample(n: int, *, rngs: nnx.Rngs) -> jax.Array:
    return jax.random.uniform(rngs(), (n, 2))


def main():
    rngs = nnx.Rngs(0)
    print(sample(3, rngs=rngs))


if __name__ == "__main__":
    main()
