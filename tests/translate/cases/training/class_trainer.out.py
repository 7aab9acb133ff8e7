import jax
import jax.numpy as jnp
import optax
from flax import nnx


class Trainer:
    def __init__(self, model: nnx.Module, lr: float):
        self.model = model
        self.optimizer = nnx.Optimizer(model, optax.sgd(lr), wrt=nnx.Param)

    def step(self, x: jax.Array) -> float:
        def loss_fn(model):
            loss = jnp.mean(model(x))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(self.model)
        self.optimizer.update(self.model, grads)
        return loss.item()
