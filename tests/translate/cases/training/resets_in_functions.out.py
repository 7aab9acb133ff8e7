# part: user code
def reset(opt: nnx.Optimizer):
    pass


def clear(model: nnx.Module):
    model.train()
    return model


def every_step(model: nnx.Module, x: jax.Array):
    opt = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
    for _ in range(3):
        reset(opt)

        def loss_fn(model):
            loss = jnp.mean(model(x))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(model)
        opt.update(model, grads)


def every_second(model: nnx.Module, x: jax.Array):
    grads = None
    opt = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
    for _ in range(3):
        for part in _chunk(x, 2):
            def loss_fn(model):
                loss = jnp.mean(model(part))
                return loss

            loss, new_grads = nnx.value_and_grad(loss_fn)(model)
            grads = new_grads if grads is None else jax.tree.map(jnp.add, grads, new_grads)
        opt.update(model, grads)
        model = clear(model)
        grads = None


class Trainer:
    def __init__(self, model: nnx.Module):
        self.model = model
        self.opt = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)

    def reset(self):
        pass

    def fit(self, x: jax.Array):
        self.reset()
        for _ in range(3):
            def loss_fn(model):
                loss = jnp.mean(model(x))
                return loss

            loss, grads = nnx.value_and_grad(loss_fn)(self.model)
            self.opt.update(self.model, grads)
            self.reset()


def clipped(build, model: nnx.Module, other: nnx.Module, x: jax.Array):
    opt = build(model)
    for _ in range(3):
        def loss_fn(model, other):
            loss = jnp.mean(model(x) + other(x))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(model, other)
        grads, _ = clip_grad_norm(grads, 1.0)
        opt.update(model, grads)
