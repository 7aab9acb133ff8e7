import jax
import jax.numpy as jnp
from flax import nnx


def step(model: nnx.Module, optimizer: nnx.Optimizer, x: jax.Array) -> None:
    def loss_fn(model):
        return jnp.mean(model(x))

    _, grads = nnx.value_and_grad(loss_fn)(model)
    optimizer.update(model, grads)
