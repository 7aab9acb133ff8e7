import jax.numpy as jnp
import optax
from flax import nnx


def fit(model: nnx.Module, loader) -> None:
    optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
    for x, y in loader:
        def loss_fn(model):
            loss = jnp.mean((model(x) - y) ** 2)
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(model)
        optimizer.update(model, grads)
        print(loss.item())
