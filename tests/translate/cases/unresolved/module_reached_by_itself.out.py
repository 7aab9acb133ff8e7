# part: user code
model = Linear(1, 1, rngs=rngs)


def scaled(x):
    return model(x) * 2


def deeper(x):
    return scaled(x) + 1


def through_a_file(x: jax.Array):
    optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
    loss = jnp.mean(deeper(x)) + jnp.sum(jnp.abs(model.bias[...]))
    optimizer.zero_grad()  # TODO(tojax): TJ204 belongs to a backward() that is left
    loss.backward()  # TODO(tojax): TJ204 scaled() uses model itself; give it as an argument
    optimizer.step()  # TODO(tojax): TJ204 belongs to a backward() that is left


def through_a_nested_function(x: jax.Array, *, rngs: nnx.Rngs):
    net = Linear(2, 2, rngs=rngs)
    optimizer = nnx.Optimizer(net, optax.sgd(0.1), wrt=nnx.Param)

    def compute(x):
        return jnp.mean(net(x))

    loss = compute(x) + jnp.sum(net(x))
    optimizer.zero_grad()  # TODO(tojax): TJ204 belongs to a backward() that is left
    loss.backward()  # TODO(tojax): TJ204 compute() uses net itself; give it as an argument
    optimizer.step()  # TODO(tojax): TJ204 belongs to a backward() that is left


def given(x: jax.Array, *, rngs: nnx.Rngs):
    net = Linear(2, 2, rngs=rngs)
    optimizer = nnx.Optimizer(net, optax.sgd(0.1), wrt=nnx.Param)

    def compute(net, x):
        return jnp.mean(net(x))

    def loss_fn(net):
        loss = compute(net, x) + jnp.sum(net(x))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(net)
    optimizer.update(net, grads)
