# part: user code
def train(model: nnx.Module, x: jax.Array):
    optimizer = nnx.Optimizer(model, optax.inject_hyperparams(lambda learning_rate: optax.sgd(learning_rate))(learning_rate=0.1), wrt=nnx.Param)
    scheduler = StepLR(optimizer, 1)
    for _ in range(2):
        def loss_fn(model):
            loss = jnp.mean(model(x))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(model)
        optimizer.update(model, grads)
        scheduler.step()
        print(param_groups(optimizer)[0]["learning_rate"][...])
        print(param_groups(optimizer)[0]["learning_rate"][...], len(nnx.to_pure_dict(nnx.state(optimizer))))
