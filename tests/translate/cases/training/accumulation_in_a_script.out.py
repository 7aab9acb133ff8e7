import jax
import jax.numpy as jnp
import optax
from flax import nnx

x, y = jnp.ones((2, 3)), jnp.ones((2, 1))
rngs = nnx.Rngs(0)
model = nnx.Linear(3, 1, rngs=rngs)
optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
grads = None
for epoch in range(2):
    for step in range(6):
        def loss_fn(model):
            loss = jnp.mean(jnp.square(model(x) - y)) / 3
            return loss

        loss, new_grads = nnx.value_and_grad(loss_fn)(model)
        grads = new_grads if grads is None else jax.tree.map(jnp.add, grads, new_grads)
        if (step + 1) % 3 == 0:
            optimizer.update(model, grads)
            grads = None
