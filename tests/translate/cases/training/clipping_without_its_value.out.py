# part: user code
def step(model: nnx.Module, optimizer: nnx.Optimizer, x: jax.Array) -> jax.Array:
    def loss_fn(model):
        loss = jnp.mean(model(x))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    grads, _ = clip_grad_norm(grads, 1.0)
    optimizer.update(model, grads)
    return jax.lax.stop_gradient(loss)
