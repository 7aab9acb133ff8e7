import jax
import jax.numpy as jnp
import optax
from flax import nnx


def every_step(model: nnx.Module, x: jax.Array):
    opt = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
    for _ in range(3):
        def loss_fn(model):
            return jnp.mean(model(x))

        _, grads = nnx.value_and_grad(loss_fn)(model)
        opt.update(model, grads)


def every_second(model: nnx.Module, x: jax.Array):
    opt = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
    for _ in range(3):
        def loss_fn(model):
            return jnp.mean(model(x)) + jnp.mean(model(2 * x))

        _, grads = nnx.value_and_grad(loss_fn)(model)
        opt.update(model, grads)
