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

    def compute(self, x, *, model=None):
        model = self.model if model is None else model
        return jnp.mean(model(x))

    def step(self, x):
        def loss_fn(model):
            loss = self.compute(x, model=model) + jnp.sum(model(x))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(self.model)
        self.optimizer.update(self.model, grads)
