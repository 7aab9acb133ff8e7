import jax
import jax.numpy as jnp
from flax import nnx


def step(model: nnx.Module, optimizer: nnx.Optimizer, x: jax.Array, y: jax.Array):
    """One step."""
    model.train()
    # forward
    def loss_fn(model):
        logits = model(x)
        hidden = logits * 2
        loss = jnp.mean(jnp.abs(hidden - y))  # robust
        return loss, logits

    # backward
    (loss, logits), grads = nnx.value_and_grad(loss_fn, has_aux=True)(model)
    optimizer.update(model, grads)
    return loss.item(), logits
