# part: user code
def blend(x: jax.Array, y: jax.Array) -> jax.Array:
    mask = y > 0
    x = where_mask(x, mask, y)
    x = where_mask(x, mask, 2 * x - y / 3)
    x = where_mask(x, mask, x - 1)
    x = where_mask(x, x > 1, x * y)
    x = x.at[mask].set(1 / y[mask])
    return x


class Memory(nnx.Module):
    def __init__(self):
        self.slots = nnx.Variable(jnp.zeros((4, 4)))

    def store(self, x: jax.Array):
        self.slots[0] = jax.lax.stop_gradient(x)
        self.slots[1] += jax.lax.stop_gradient(x)
        self.slots[2] = 0.0
        slots = self.slots
        slots[...] = jax.lax.stop_gradient(slots[...] * 0.9)

    def __call__(self, x):
        self.store(x)
        return self.slots[...] * x
