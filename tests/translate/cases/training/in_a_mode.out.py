import jax.numpy as jnp
from flax import nnx


def f(model, optimizer, x, y):
    model.train()
    # forward
    def loss_fn(model):
        out = model(x)
        loss = jnp.mean(jnp.square(out - y))
        return loss

    # backward
    loss, grads = nnx.value_and_grad(loss_fn)(model)
    optimizer.update(model, grads)
    return loss.item()


def g(model, optimizer, x, y):
    def loss_fn(model):
        out = model(x)
        loss = jnp.mean(jnp.square(out - y))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    optimizer.update(model, grads)
    return loss.item()
