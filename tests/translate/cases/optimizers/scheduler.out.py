# part: user code
def make(model: nnx.Module):
    optimizer = nnx.Optimizer(model, optax.inject_hyperparams(lambda learning_rate: optax.sgd(learning_rate))(learning_rate=0.1), wrt=nnx.Param)
    scheduler = StepLR(optimizer, step_size=2)
    return optimizer, scheduler
