"""An optimizer of one name that may be of one module or of another one."""
import jax
import jax.numpy as jnp
import optax
from flax import nnx


def either(flag, x: jax.Array, *, rngs: nnx.Rngs):
    one, other = nnx.Linear(2, 2, rngs=rngs), nnx.Linear(2, 2, rngs=rngs)
    opt = nnx.Optimizer(one, optax.sgd(0.1), wrt=nnx.Param)
    if flag:
        opt = nnx.Optimizer(other, optax.sgd(0.1), wrt=nnx.Param)
    loss = jnp.mean(one(x) + other(x))
    opt.zero_grad()  # TODO(tojax): TJ204 belongs to a backward() that is left
    loss.backward()  # TODO(tojax): TJ204 cannot tell which module backward() belongs to
    opt.step()  # TODO(tojax): TJ204 cannot tell which module step() belongs to


def in_turn(x: jax.Array, *, rngs: nnx.Rngs):
    one, other = nnx.Linear(2, 2, rngs=rngs), nnx.Linear(2, 2, rngs=rngs)
    opt = nnx.Optimizer(one, optax.sgd(0.1), wrt=nnx.Param)
    for _ in range(4):
        opt.zero_grad()  # TODO(tojax): TJ204 belongs to a backward() that is left
        loss = jnp.mean(other(one(x)))
        loss.backward()  # TODO(tojax): TJ204 cannot tell which module backward() belongs to
        opt.step()  # TODO(tojax): TJ204 cannot tell which module step() belongs to
        opt = nnx.Optimizer(other, optax.sgd(0.1), wrt=nnx.Param)
