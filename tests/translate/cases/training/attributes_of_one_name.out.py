import jax.numpy as jnp
import optax
from flax import nnx


class Wrapper(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.model = nnx.Linear(2, 2, rngs=rngs)

    def __call__(self, x):
        return self.model(x)


class Trainer:
    def __init__(self, *, rngs: nnx.Rngs):
        self.model = Wrapper(rngs=rngs)
        self.optimizer = nnx.Optimizer(self.model, optax.sgd(0.1), wrt=nnx.Param)

    def step(self, x):
        def loss_fn(model):
            loss = jnp.mean(model(x))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(self.model)
        self.optimizer.update(self.model, grads)


class Reaching:
    def __init__(self, *, rngs: nnx.Rngs):
        self.model = Wrapper(rngs=rngs)
        self.optimizer = nnx.Optimizer(self.model, optax.sgd(0.1), wrt=nnx.Param)

    def compute(self, x):
        return jnp.mean(self.model(x))

    def step(self, x):
        loss = self.compute(x) + jnp.sum(self.model(x))
        self.optimizer.zero_grad()  # TODO(tojax): TJ204 belongs to a backward() that is left
        loss.backward()  # TODO(tojax): TJ204 compute() uses self.model itself; give it as an argument
        self.optimizer.step()  # TODO(tojax): TJ204 belongs to a backward() that is left
