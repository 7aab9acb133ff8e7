# part: user code
class MySGD(Optimizer):  # TODO(tojax): TJ204 torch.optim.Optimizer as a base: an update rule is an optax.GradientTransformation
    def __init__(self, params, lr=0.1):
        super().__init__(params, dict(lr=lr))

    def step(self):
        for group in self.param_groups:
            for p in group['params']:
                p.data = jax.lax.stop_gradient(p) - group['lr'] * p.grad  # TODO(tojax): TJ203 changes what the loop takes from 'group['params']' in place


rngs = nnx.Rngs(0)
model = nnx.Linear(3, 1, rngs=rngs)
opt = MySGD(parameters(model))
x = jax.random.normal(rngs(), (4, 3))
loss = jnp.mean(model(x) ** 2)
opt.zero_grad()  # TODO(tojax): TJ204 belongs to a backward() that is left
loss.backward()  # TODO(tojax): TJ204 the statements that lead to the loss cannot be separated
opt.step()
