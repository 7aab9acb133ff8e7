import random

import jax
from flax import nnx


def set_seed(seed):
    random.seed(seed)


def train(seed, careful):
    random.seed(seed) if careful else set_seed(seed)
    rngs = nnx.Rngs(seed)
    return jax.random.normal(rngs(), 3)
