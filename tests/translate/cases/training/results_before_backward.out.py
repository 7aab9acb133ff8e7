import jax
import jax.numpy as jnp
import optax
from flax import nnx


def logged(model, optimizer, loader, writer):
    total, steps = 0.0, 0
    for x, y in loader:
        def loss_fn(model):
            pred = model(x)
            loss = jnp.mean(jnp.square(pred - y))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(model)
        total += loss.item()
        value = loss.item()
        writer.add_scalar("loss", value, steps)
        steps += 1
        if value > 1000:
            break
        optimizer.update(model, grads)
    return total


def weighted(model, optimizer, x, y):
    def loss_fn(model):
        pred = model(x)
        weight = jnp.abs(jax.lax.stop_gradient(pred))
        loss = jnp.mean(weight * (pred - y) ** 2)
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    optimizer.update(model, grads)


def made_here(x, y, *, rngs: nnx.Rngs):
    model = nnx.Linear(4, 1, rngs=rngs)
    optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)

    def loss_fn(model):
        loss = jnp.mean(jnp.square(model(x) - y))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    optimizer.update(model, grads)
    return loss.item()
