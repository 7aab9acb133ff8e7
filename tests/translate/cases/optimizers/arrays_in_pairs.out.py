import numpy as np
import jax
import jax.numpy as jnp
import optax
from flax import nnx

x = np.linspace(-1, 1, 12)
print(x.mean())
rngs = nnx.Rngs(0)
w, b = nnx.Param(jax.random.normal(rngs(), (1, 1))), nnx.Param(jnp.zeros(1))
x = nnx.Param(jnp.full((2, 1), 0.5))
optimizer = nnx.Optimizer((w, b, x), optax.sgd(0.1), wrt=nnx.Param)
for step in range(5):
    def loss_fn(w, b, x):
        loss = jnp.mean((x[...] @ w[...] + b[...] - 3) ** 2)
        return loss

    loss, (grads_w, grads_b, grads_x) = nnx.value_and_grad(loss_fn, argnums=(0, 1, 2))(w, b, x)
    optimizer.update((w, b, x), (grads_w, grads_b, grads_x))


def bound_again_later(steps):
    a = jnp.ones(1)
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    optimizer = torch.optim.SGD([a], lr=0.1)  # TODO(tojax): TJ204 cannot tell which module the parameters are of
    for _ in range(steps):
        a = a * 2
    return optimizer
