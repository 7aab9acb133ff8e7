# part: user code
def summed(model, optimizer, x, y):
    def total_fn(model):
        loss = jnp.mean(jnp.square(model(x) - y))
        penalty = sum(jnp.sum(p[...] ** 2) for p in parameters(model))
        total = loss + 0.1 * penalty
        return total, loss

    (total, loss), grads = nnx.value_and_grad(total_fn, has_aux=True)(model)
    optimizer.update(model, grads)
    return loss.item()


def one_by_one(model, optimizer, x, y):
    def loss_fn(model):
        loss = jnp.mean(jnp.square(model(x) - y))
        for p in parameters(model):
            loss = loss + 0.1 * jnp.sum(jnp.abs(p[...]))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    optimizer.update(model, grads)


def lists(model, optimizer, xs, y):
    def loss_fn(model):
        losses, outputs = [], []
        for x in xs:
            out = model(x)
            outputs.append(jax.lax.stop_gradient(out))
            losses.append(jnp.mean(jnp.square(out - y)))
        loss = jnp.mean(jnp.stack(losses))
        return loss, outputs

    (loss, outputs), grads = nnx.value_and_grad(loss_fn, has_aux=True)(model)
    optimizer.update(model, grads)
    return outputs
