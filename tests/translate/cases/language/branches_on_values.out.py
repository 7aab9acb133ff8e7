# part: user code
class Net(nnx.Module):
    def __init__(self, limit: float = 2.0, *, rngs: nnx.Rngs):
        self.fc = nnx.Linear(4, 4, rngs=rngs)
        self.limit = limit

    def __call__(self, x):
        y = self.fc(x)
        # which way is shorter
        y = jax.lax.cond(jnp.sum(y) > 0, lambda: y * 2, lambda: y - 1.5)
        y = jax.lax.cond(optax.safe_norm(y, 0.0) > self.limit, lambda: y / optax.safe_norm(y, 0.0), lambda: y)
        y = jax.lax.cond(jnp.any(jnp.isnan(y)), lambda: y, lambda: clamp(y, -1, 1))
        return jax.lax.cond(jnp.mean(y) < 0, lambda: -y, lambda: y)


def clipped(x, most=1.0):
    return jax.lax.cond(optax.safe_norm(x, 0.0) > most, lambda: x / optax.safe_norm(x, 0.0) * 0.5, lambda: x)


def chosen(x):
    z = jax.nn.softmax(x)
    return jax.lax.cond(jnp.max(z) > 0.5, lambda: jnp.sqrt(z), lambda: z + 1)


def stay_alone(x, other, flag):
    z = jax.nn.sigmoid(x)
    if jnp.max(x) > 1:  # it may hold integers, of which a quotient is no integer
        x = x / 255
    if jnp.sum(z) > 1:  # the sum may be larger
        z = z + other
    if jnp.sum(z) > 2:
        print("large")
        z = z * 2
    if jnp.sum(z, axis=0) > 1:  # perhaps several
        z = z * 2
    if flag:
        z = z * 2
    while jnp.sum(z) > 4:
        z = z / 2
    return x, z


def three_ways(x):
    z = jax.nn.sigmoid(x)
    z = jax.lax.cond(jnp.sum(z) > 3, lambda: z + 1, lambda: jax.lax.cond(jnp.sum(z) > 2, lambda: z - 1, lambda: z))
    if jnp.sum(z) > 5:
        z = jax.lax.cond(jnp.mean(z) > 2, lambda: z - 2, lambda: z)
    return z


def array_or_number(x):
    z = jax.nn.sigmoid(x)
    if jnp.sum(z) > 7:
        z = z / 2
    elif jnp.sum(z) > 6:
        z = 1.0
    return z


def best_of(values):
    best = 0.0
    for value in values:
        if jnp.mean(value) > best:
            best = jnp.mean(value)
    print(best)
