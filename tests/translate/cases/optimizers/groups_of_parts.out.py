# part: user code
class Model(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.body = nnx.Linear(2, 2, rngs=rngs)
        self.head = nnx.Linear(2, 2, rngs=rngs)

    def configure_optimizers(self):
        return grouped_optimizer(self, [{"params": parameters(self.body), "lr": 0.1}, {"params": parameters(self.head)}], lambda lr: optax.sgd(lr), lr=0.001)


class Agent:
    def __init__(self, *, rngs: nnx.Rngs):
        self.policy = Model(rngs=rngs)
        self.optimizer = grouped_optimizer(self.policy, [
                {"params": parameters(self.policy.body), "lr": 0.1},
                {"params": parameters(self.policy.head), "lr": 0.2},
            ], lambda lr: optax.sgd(lr), lr=0.001)

    def update(self, x):
        def loss_fn(policy):
            loss = jnp.mean(policy.head(policy.body(x)))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(self.policy)
        self.optimizer.update(self.policy, grads)


def of_two(first, second, x):
    optimizer = grouped_optimizer((first, second), [{"params": parameters(first)}, {"params": parameters(second)}], lambda lr: optax.sgd(lr), lr=0.001)

    def loss_fn(first, second):
        loss = jnp.mean(second(first(x)))
        return loss

    loss, (grads_first, grads_second) = nnx.value_and_grad(loss_fn, argnums=(0, 1))(first, second)
    optimizer.update((first, second), (grads_first, grads_second))
