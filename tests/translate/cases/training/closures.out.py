# part: user code
def quasi_newton(model, x, y):
    optimizer = LBFGS(model, lr=0.5, max_iter=10)
    for _ in range(3):

        def closure():
            def loss_fn(model):
                loss = jnp.mean(jnp.square(model(x) - y))
                return loss

            loss, grads = nnx.value_and_grad(loss_fn)(model)
            return loss, grads

        optimizer.step(closure)


def first_order(model, x, y):
    optimizer = nnx.Optimizer(model, optax.sgd(0.5), wrt=nnx.Param)

    def closure():
        def loss_fn(model):
            loss = jnp.mean(jnp.square(model(x) - y))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(model)
        return loss, grads

    loss, grads = closure()
    optimizer.update(model, grads)
    return loss.item()


class Fitting:
    def __init__(self, model):
        self.model = model
        self.optimizer = LBFGS(self.model)

    def loss(self):
        def loss_fn(model):
            loss = jnp.sum(model(self.x))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(self.model)
        return loss, grads

    def fit(self, x):
        self.x = x
        self.optimizer.step(self.loss)
