import jax
from flax import nnx

rngs = nnx.Rngs(7)
x = jax.random.normal(rngs(), (3, 4))
