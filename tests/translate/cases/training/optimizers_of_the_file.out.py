# part: user code
temperature = nnx.Param(jnp.ones(1))
a = nnx.Optimizer(first, optax.sgd(0.1), wrt=nnx.Param)
b = nnx.Optimizer(second, optax.sgd(0.1), wrt=nnx.Param)
c = nnx.Optimizer((temperature,), optax.sgd(0.1), wrt=nnx.Param)
criterion = mse_loss


def update(x: jax.Array, y: jax.Array):
    def one_fn(first):
        one = first(x)
        return one

    one, one_vjp = nnx.vjp(one_fn, first, graph_updates=False)

    def two_fn(second):
        two = second(x)
        return two

    two, two_vjp = nnx.vjp(two_fn, second, graph_updates=False)

    def scale_fn(temperature):
        scale = jnp.mean(jnp.exp(temperature[...]))
        return scale

    scale, grads_temperature = nnx.value_and_grad(scale_fn)(temperature)
    c.update((temperature,), (grads_temperature,))
    y = jax.lax.stop_gradient(scale) * y

    def loss_one_fn(one):
        loss_one = criterion(one, y)
        return loss_one

    loss_one, one_grad = nnx.value_and_grad(loss_one_fn)(one)
    (grads_first,) = one_vjp(one_grad)
    a.update(first, grads_first)

    def loss_two_fn(two):
        loss_two = criterion(two, y)
        return loss_two

    loss_two, two_grad = nnx.value_and_grad(loss_two_fn)(two)
    (grads_second,) = two_vjp(two_grad)
    b.update(second, grads_second)
    return loss_one.item(), loss_two.item()


def under_another_name(model: nnx.Module, x: jax.Array):
    def loss_fn(model):
        loss = jnp.mean(model(x))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    a.update(model, grads)
