# part: user code
def of_another(model: nnx.Module, helper, x: jax.Array):
    opt = nnx.Optimizer(model, optax.inject_hyperparams(lambda learning_rate: optax.sgd(learning_rate))(learning_rate=0.1), wrt=nnx.Param)
    for _ in range(3):
        helper.opt.zero_grad()  # TODO(tojax): TJ204 cannot tell which of the gradients that add up are reset
        loss = jnp.mean(model(x))
        loss.backward()  # TODO(tojax): TJ204 belongs to a backward() that is left
        opt.step()  # TODO(tojax): TJ204 belongs to a backward() that is left


class Agent:
    def __init__(self, model: nnx.Module):
        self.model = model
        self.opt = nnx.Optimizer(model, optax.inject_hyperparams(lambda learning_rate: optax.sgd(learning_rate))(learning_rate=0.1), wrt=nnx.Param)

    def advance(self, step: int):
        if step % 4 == 3:
            self.opt.step()  # TODO(tojax): TJ204 no gradients are computed where this step is taken

    def fit(self, x: jax.Array):
        for step in range(8):
            loss = jnp.mean(self.model(x))
            loss.backward()  # TODO(tojax): TJ204 belongs to a backward() that is left
            self.advance(step)  # TODO(tojax): TJ204 cannot tell which of the gradients that add up are reset


class WarmUp:
    def __init__(self, rate, optimizer):
        self.optimizer = optimizer
        self.rate = rate
        self.count = 0

    def step(self):
        self.count += 1
        for group in param_groups(self.optimizer):
            group["learning_rate"][...] = self.count * self.rate
        self.optimizer.step()  # TODO(tojax): TJ204 cannot tell which module step() belongs to

    def zero_grad(self):
        pass


rngs = nnx.Rngs(0)
model = nnx.Linear(3, 3, rngs=rngs)
opt = WarmUp(0.01, nnx.Optimizer(model, optax.inject_hyperparams(lambda learning_rate: optax.adam(learning_rate))(learning_rate=0), wrt=nnx.Param))
x = jnp.ones((4, 3))
for i in range(3):
    loss = jnp.mean(model(x))
    opt.zero_grad()  # TODO(tojax): TJ204 cannot tell which of the gradients that add up are reset
    loss.backward()  # TODO(tojax): TJ204 cannot tell which module backward() belongs to
    opt.step()
