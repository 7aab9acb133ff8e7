# part: user code
def predict(w, x):
    return jnp.tanh(w * x)


def targets(w, x):
    y = w * x
    return jnp.tanh(y)


def loss(w, x):
    t = jax.lax.stop_gradient(predict(w, x + 1))
    u = jax.lax.stop_gradient(targets(w, x))
    return jnp.sum((w * x - t - u) ** 2)


class Agent(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.net = nnx.Linear(3, 1, rngs=rngs)

    def target(self, x):
        return jnp.max(self.net(x), axis=1)

    def __call__(self, x):
        return jnp.mean((_squeeze(self.net(x), 1) - jax.lax.stop_gradient(self.target(x))) ** 2)


def evaluate(agent, x):
    return agent(x)


def report(agent, x):
    evaluate(agent, x)
    print(evaluate(agent, x))


def mixed(x: jax.Array, flag):
    if flag:
        return x * 2
    return jax.lax.stop_gradient(jnp.tanh(x) * 3)


def both(x):
    y = predict(x, x)
    y = jax.lax.stop_gradient(y)
    return mixed(x, True) + y
