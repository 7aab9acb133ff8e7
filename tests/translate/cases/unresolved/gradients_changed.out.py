# part: user code
def clip(net):
    given = list(filter(lambda p: p.grad is not None, parameters(net)))
    for p in given:
        p.grad = clamp(p.grad, -10, 10)  # TODO(tojax): TJ204 this gradient is not the one that is applied: change grads, what value_and_grad returns


def scale(net, factor):
    for p in parameters(net):
        p[...].grad *= factor  # TODO(tojax): TJ204 this gradient is not the one that is applied: change grads, what value_and_grad returns


def train(net, opt, x):
    def loss_fn(net):
        loss = jnp.mean(net(x) ** 2)
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(net)
    clip(net)
    scale(net, 0.5)
    opt.update(net, grads)


def decay(net, opt, x, y):
    def loss_fn(net):
        loss = jnp.mean(jnp.square(net(x) - y))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(net)
    for p, grad in with_gradients(net, grads):
        grad = grad + 0.1 * jax.lax.stop_gradient(p[...])  # TODO(tojax): TJ204 this gradient is the loop's own: grads stays as it is
    for name, p in named_parameters(net):
        if "bias" in name:
            p[...].grad.data *= 2  # TODO(tojax): TJ204 this gradient is not the one that is applied: change grads, what value_and_grad returns
    for p, grad in with_gradients(net, grads):
        g = grad
        g = g * 2  # TODO(tojax): TJ204 this gradient is the loop's own: grads stays as it is
    for p, grad in with_gradients(net, grads):
        p[...].grad = clamp(grad, -1, 1)  # TODO(tojax): TJ204 this gradient is not the one that is applied: change grads, what value_and_grad returns
    opt.update(net, grads)


class Trainer:
    def __init__(self, *, rngs: nnx.Rngs):
        self.net = Linear(2, 2, rngs=rngs)
        self.opt = nnx.Optimizer(self.net, optax.sgd(0.1), wrt=nnx.Param)

    def step(self, x):
        def loss_fn(net):
            loss = jnp.mean(net(x))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(self.net)
        self.net.weight[...].grad.data *= 2  # TODO(tojax): TJ204 this gradient is not the one that is applied: change grads, what value_and_grad returns
        self.net.weight[...].grad = self.net.weight[...].grad.at[0].set(0)  # TODO(tojax): TJ204 this gradient is not the one that is applied: change grads, what value_and_grad returns
        self.net.bias[...].grad = None  # TODO(tojax): TJ204 this gradient is not the one that is applied: change grads, what value_and_grad returns
        self.opt.update(self.net, grads)
