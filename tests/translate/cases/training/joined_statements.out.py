import jax
import jax.numpy as jnp
import optax
from flax import nnx
rngs = nnx.Rngs(0)
model = nnx.Linear(2, 1, rngs=rngs)
opt = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
for x, y in [(jnp.ones((3, 2)), jnp.ones((3, 1)))]:
    def loss_fn(model):
        loss = jnp.mean((model(x) - y) ** 2)
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    opt.update(model, grads)
    print(loss.item())

def train(model, opt, x):
    def loss_fn(model):
        loss = jnp.sum(model(x))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    opt.update(model, grads)  # step
    return loss

def train2(model, opt, x):
    def loss_fn(model):
        out = model(x)
        loss = jnp.sum(out)
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    opt.update(model, grads)
    return loss

def one(model, opt, x):
    def loss_fn(model):
        loss = jnp.sum(model(x))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    opt.update(model, grads)


def accumulate(model, opt, batches):
    grads = None
    for n, x in enumerate(batches):
        def loss_fn(model):
            loss = jnp.sum(model(x))
            return loss

        loss, new_grads = nnx.value_and_grad(loss_fn)(model)
        grads = new_grads if grads is None else jax.tree.map(jnp.add, grads, new_grads)
        if n % 2:
            opt.update(model, grads)
            grads = None
    a = 1; b = 2  # stay as they are
    return a, b


def returned(model, x):
    def loss_fn(model):
        loss = jnp.sum(model(x))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    return loss, grads
