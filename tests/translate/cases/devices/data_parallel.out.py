# part: user code
class Net(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.body = DataParallel(Sequential(Linear(4, 4, rngs=rngs), jax.nn.relu))

    def __call__(self, x):
        return self.body(x) + self.body.module[0].bias[...]


class Trainer:
    def __init__(self, model):
        if jax.device_count() > 1:
            model = DataParallel(model)
        self.model = model
        self.optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)

    def step(self, x):
        def loss_fn(model):
            loss = jnp.mean(model(x))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(self.model)
        self.optimizer.update(self.model, grads)

    def core(self):
        if isinstance(self.model, DataParallel):
            return self.model.module
        return self.model
