import jax
import jax.numpy as jnp

def f(x: jax.Array):
	if x.ndim == 2:
		x = jnp.expand_dims(x, 0)	# one more
	return x
