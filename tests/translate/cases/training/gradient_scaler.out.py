# part: user code
def train(model: nnx.Module, optimizer: nnx.Optimizer, scaler, loader, loss_function):
    for x, y in loader:
        def loss_fn(model):
            # No autocast: JAX computes in the dtypes of its arrays.
            loss = loss_function(model(x), y)
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(model)
        grads, _ = clip_grad_norm(grads, 1.0)
        optimizer.update(model, grads)


def run(model: nnx.Module, optimizer: nnx.Optimizer, loader):
    scaler = None
    train(model, optimizer, scaler, loader, cross_entropy)
