# part: user code
def train(model, xs):
    params = list(parameters(model))
    optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
    for x in xs:
        loss = jnp.mean(jnp.square(model(x) - x)) + sum(optax.safe_norm(p[...], 0.0) for p in params)
        optimizer.zero_grad()  # TODO(tojax): TJ204 belongs to a backward() that is left
        loss.backward()  # TODO(tojax): TJ204 the statements that lead to the loss cannot be separated
        optimizer.step()  # TODO(tojax): TJ204 belongs to a backward() that is left


class Replaced:
    def __init__(self, model):
        self.model = model
        self.optimizer = nnx.Optimizer(self.model, optax.sgd(0.1), wrt=nnx.Param)

    def loss(self, x):
        self.model.train()
        return jnp.sum(self.model(x))

    def step(self, x):
        self.optimizer.zero_grad()  # TODO(tojax): TJ204 belongs to a backward() that is left
        loss = self.loss(x)
        loss.backward()  # TODO(tojax): TJ204 loss() uses self.model itself; give it as an argument
        self.optimizer.step()  # TODO(tojax): TJ204 belongs to a backward() that is left
