import jax.numpy as jnp
import optax
from flax import nnx

rngs = nnx.Rngs(0)
model = nnx.Linear(2, 1, rngs=rngs)
optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
x = jnp.ones((4, 2))
for _ in range(3):
    def loss_fn(model):
        loss = jnp.mean(model(x))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    optimizer.update(model, grads)
print(loss.item())
