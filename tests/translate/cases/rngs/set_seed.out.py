import random

import jax
from flax import nnx


def set_seed(seed: int) -> None:
    random.seed(seed)


def main(seed: int = 0) -> None:
    set_seed(seed)
    rngs = nnx.Rngs(seed)
    print(random.random(), jax.random.uniform(rngs(), (2, 2)))
