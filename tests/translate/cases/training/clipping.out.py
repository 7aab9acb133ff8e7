# part: user code
def step(model: nnx.Module, optimizer: nnx.Optimizer, x: jax.Array) -> float:
    def loss_fn(model):
        loss = jnp.mean(model(x))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    grads, norm = clip_grad_norm(grads, max_norm=1.0)
    optimizer.update(model, grads)
    return loss.item() / norm.item()
