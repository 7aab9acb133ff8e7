import jax
import jax.numpy as jnp
import optax
from flax import nnx

a = jnp.array(2.0)
b = jnp.array(3.0)
print(b.grad)  # TODO(tojax): TJ201 torch.Tensor.grad: gradients are what jax.grad returns; arrays hold none


def y_fn(b, a):
    y = a * b
    return y

y, (b_grad, a_grad) = jax.value_and_grad(y_fn, argnums=(0, 1))(b, a)
print(a_grad, b_grad)

rngs = nnx.Rngs(0)
model = nnx.Linear(3, 1, rngs=rngs)
optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)


def loss_fn(model):
    loss = jnp.mean(model(jnp.ones((2, 3))))
    return loss

loss, grads = nnx.value_and_grad(loss_fn)(model)
optimizer.update(model, grads)
