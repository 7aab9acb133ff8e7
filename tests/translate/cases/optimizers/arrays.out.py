# part: user code
def stylize(net, content, steps=4):
    image = nnx.Param(content)
    optimizer = nnx.Optimizer((image,), optax.adam(0.05), wrt=nnx.Param)
    target = jax.lax.stop_gradient(net(content))
    for step in range(steps):
        def loss_fn(image):
            loss = jnp.mean(jnp.square(net(image[...]) - target)) + jnp.mean(jnp.abs(image[...]))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(image)
        optimizer.update((image,), (grads,))
        image[...] = clamp(image[...], 0, 1)
    return jax.lax.stop_gradient(image[...])


def factorize(m: jax.Array, rank):
    u = nnx.Param(jnp.ones((m.shape[0], rank)))
    v = nnx.Param(jnp.ones((rank, m.shape[1])))
    opt = nnx.Optimizer((u, v), optax.sgd(0.01, momentum=0.9), wrt=nnx.Param)
    for _ in range(5):
        def loss_fn(u, v):
            loss = jnp.sum((u[...] @ v[...] - m) ** 2)
            return loss

        loss, (grads_u, grads_v) = nnx.value_and_grad(loss_fn, argnums=(0, 1))(u, v)
        opt.update((u, v), (grads_u, grads_v))
    return u[...] @ v[...]


def only_its_gradient_is_asked_for(f, x: jax.Array):
    return jax.jacrev(f)(x)


w = nnx.Param(jnp.zeros((1, 1)))
b = nnx.Param(jnp.zeros(1))
x = jnp.linspace(-1, 1, 12).reshape(-1, 1)
opt = nnx.Optimizer((w, b), optax.sgd(0.1), wrt=nnx.Param)
for step in range(5):
    def loss_fn(w, b):
        loss = jnp.mean((x @ w[...] + b[...] - 3 * x) ** 2)
        return loss

    loss, (grads_w, grads_b) = nnx.value_and_grad(loss_fn, argnums=(0, 1))(w, b)
    opt.update((w, b), (grads_w, grads_b))
print(w[...].item(), np.asarray(jax.lax.stop_gradient(b[...])))
