# part: user code
class Trainer:
    def __init__(self, model, optimizer, metric):
        self.model = model
        self.optimizer = optimizer
        self.metric = metric

    def step(self, x, y):
        def loss_fn(model):
            output = model(x)
            loss = jnp.mean(jnp.square(output - y))
            return loss, output

        (loss, output), grads = nnx.value_and_grad(loss_fn, has_aux=True)(self.model)
        self.metric(output, y)
        self.metric.track()
        print("loss", loss.item())
        print("done")
        self.optimizer.update(self.model, grads)


class Held:
    def __init__(self, actor, critic):
        self.actor = actor
        self.critic = critic

    def step(self, x, y):
        def loss_fn(critic):
            loss = jnp.mean(jnp.square(critic(x) - y))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(self.critic)
        self.critic.optimizer.update(self.critic, grads)


def made_by_something(make, model, x, y):
    optimizer = make(parameters(model))
    loss = jnp.mean(jnp.square(model(x) - y))
    optimizer.zero_grad()  # TODO(tojax): TJ204 belongs to a backward() that is left
    loss.backward()  # TODO(tojax): TJ204 cannot tell which module backward() belongs to
    optimizer.step()  # TODO(tojax): TJ204 cannot tell which module step() belongs to


def no_optimizer(env, model, x):
    env.step(model(x))
    return jnp.sum(x)
