# part: user code
def make(model: nnx.Module):
    return grouped_optimizer(model, [
            {"params": parameters(model.body)},
            {"params": parameters(model.head), "lr": 1.0},
        ], lambda lr: optax.sgd(lr), lr=0.1)
