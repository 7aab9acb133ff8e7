# part: user code
def halve(model: nnx.Module):
    optimizer = nnx.Optimizer(model, optax.inject_hyperparams(lambda learning_rate: optax.sgd(learning_rate))(learning_rate=0.1), wrt=nnx.Param)
    for group in param_groups(optimizer):
        group["learning_rate"][...] *= 0.5
    return optimizer
