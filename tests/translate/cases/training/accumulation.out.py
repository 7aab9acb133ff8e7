import jax
import jax.numpy as jnp
import optax
from flax import nnx


def fit(model: nnx.Module, loader, steps: int) -> None:
    optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
    grads = None
    for i, (x, y) in enumerate(loader):
        def loss_fn(model):
            loss = jnp.mean((model(x) - y) ** 2) / steps
            return loss

        loss, new_grads = nnx.value_and_grad(loss_fn)(model)
        grads = new_grads if grads is None else jax.tree.map(jnp.add, grads, new_grads)
        if (i + 1) % steps == 0:
            optimizer.update(model, grads)
            grads = None
        print(loss.item())
