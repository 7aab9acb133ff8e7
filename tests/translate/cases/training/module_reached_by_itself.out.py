# part: user code
model = Linear(1, 1, rngs=rngs)


def scaled(x, *, model=model):
    return model(x) * 2


def deeper(x, *, model=model):
    return scaled(x, model=model) + 1


def through_a_file(x: jax.Array):
    optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)

    def loss_fn(model):
        loss = jnp.mean(deeper(x, model=model)) + jnp.sum(jnp.abs(model.bias[...]))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    optimizer.update(model, grads)


def through_a_nested_function(x: jax.Array, *, rngs: nnx.Rngs):
    net = Linear(2, 2, rngs=rngs)
    optimizer = nnx.Optimizer(net, optax.sgd(0.1), wrt=nnx.Param)

    def compute(x, *, net=net):
        return jnp.mean(net(x))

    def loss_fn(net):
        loss = compute(x, net=net) + jnp.sum(net(x))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(net)
    optimizer.update(net, grads)


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
