import jax
import jax.numpy as jnp
import optax
from flax import nnx


def accumulate(model: nnx.Module, x: jax.Array) -> float:
    def loss_fn(model):
        loss = jnp.mean(model(x))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    return loss.item(), grads


def fit(model: nnx.Module, loader) -> None:
    optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
    for x in loader:
        value, grads = accumulate(model, x)
        optimizer.update(model, grads)
        print(value)
