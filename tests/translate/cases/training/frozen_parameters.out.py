# part: user code
class Net(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.backbone = nnx.Linear(4, 8, rngs=rngs)
        self.head = nnx.Linear(8, 2, rngs=rngs)
        for p in parameters(self.backbone):
            p.set_metadata(requires_grad=False)
        self.position = nnx.Param(jnp.zeros(2))
        self.position.set_metadata(requires_grad=False)

    def __call__(self, x: jax.Array):
        return self.head(self.backbone(x)) + self.position[...]


def train(model: Net, x: jax.Array):
    requires_grad_(model.head, True)
    optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=is_trainable)

    def loss_fn(model):
        loss = jnp.sum(model(x))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn, argnums=nnx.DiffState(0, is_trainable))(model)
    optimizer.update(model, grads)
    return sum(p[...].size for p in parameters(model) if is_trainable((), p))
