# part: user code
def optimize(net, opt, x, y):
    def loss_fn(net):
        loss = jnp.mean(jnp.square(net(x) - y))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(net)
    # as in the paper
    grads = jax.tree.map(lambda grad: clamp(grad, -1, 1), grads)  # in place
    opt.update(net, grads)
    return loss.item()


def several(net, opt, x, y, *, rngs: nnx.Rngs):
    for step in range(3):
        def loss_fn(net):
            loss = jnp.mean(jnp.square(net(x) - y))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(net)
        # smaller every time
        grads = jax.tree.map(lambda grad: grad / (step + 1), grads)
        grads = jax.tree.map(lambda grad: grad + jax.random.normal(rngs(), grad.shape, grad.dtype), grads)
        grads = jax.tree.map(lambda grad: grad.at[0].set(0), grads)
        grads = jax.tree.map(lambda grad: grad * 2, grads)
        opt.update(net, grads)


def mean(net, opt, batches):
    grads = None
    for i, (x, y) in enumerate(batches):
        def loss_fn(net):
            loss = jnp.mean(jnp.square(net(x) - y))
            return loss

        loss, new_grads = nnx.value_and_grad(loss_fn)(net)
        grads = new_grads if grads is None else jax.tree.map(jnp.add, grads, new_grads)
        if i % 2 == 1:
            grads = jax.tree.map(lambda grad: grad * (1 / 2), grads)
            opt.update(net, grads)
            grads = None


def by_hand(net, x, y, rate):
    for _ in range(3):
        def loss_fn(net):
            loss = jnp.mean(jnp.square(net(x) - y))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(net)
        for p, grad in with_gradients(net, grads):
            grad = clamp(grad, -1, 1)
            p[...] -= rate * grad


def frozen_by_zeros(net, opt, x, y):
    def loss_fn(net):
        loss = jnp.mean(jnp.square(net(x) - y))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(net)
    grads = jax.tree.map(lambda grad: jnp.zeros_like(grad), grads)
    opt.update(net, grads)
