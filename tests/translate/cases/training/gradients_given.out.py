# part: user code
def weighted(model, optimizer, x, weights):
    def loss_fn(model):
        out = model(x)
        return jnp.sum(out * weights), out

    (_, out), grads = nnx.value_and_grad(loss_fn, has_aux=True)(model)
    optimizer.update(model, grads)
    return out


def all_alike(model, optimizer, x):
    def loss_fn(model):
        out = model(x)
        return jnp.sum(out)

    _, grads = nnx.value_and_grad(loss_fn)(model)
    optimizer.update(model, grads)


def of_its_own_values(model, optimizer, x):
    def loss_fn(model):
        out = model(x)
        weights = out * 2
        return jnp.sum(out * jax.lax.stop_gradient(weights))

    _, grads = nnx.value_and_grad(loss_fn)(model)
    optimizer.update(model, grads)


def by_function(model, optimizer, x):
    def loss_fn(model):
        loss = jnp.sum(model(x))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    optimizer.update(model, grads)


def in_a_row(model, optimizer, x):
    def loss_fn(model):
        hidden = model(x)
        first = jnp.sum(hidden)
        second = jnp.sum(hidden**2)
        return first + second, first

    (_, first), grads = nnx.value_and_grad(loss_fn, has_aux=True)(model)
    optimizer.update(model, grads)
    return first.item()
