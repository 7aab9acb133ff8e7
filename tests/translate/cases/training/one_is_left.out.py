import jax.numpy as jnp
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.fc = nnx.Linear(2, 1, rngs=rngs)

    def __call__(self, x):
        return self.fc(x)

    def configure_optimizers(self, lr):
        return nnx.Optimizer(self, optax.adamw(lr, weight_decay=0.01), wrt=nnx.Param)


rngs = nnx.Rngs(0)
first, second = Net(rngs=rngs), Net(rngs=rngs)
x = jnp.ones((3, 2))
opt = first.configure_optimizers(0.1)
for _ in range(2):
    def loss_fn(first):
        loss = jnp.mean(first(x) ** 2)
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(first)
    opt.update(first, grads)

other = second.configure_optimizers(0.1)
out = second(x)
mean, total = jnp.mean(out), jnp.sum(out)
mean.backward(retain_graph=True)  # TODO(tojax): TJ204 belongs to a backward() that is left
value = mean.item()
total.backward()  # TODO(tojax): TJ204 a second backward() through the same values
other.step()  # TODO(tojax): TJ204 belongs to a backward() that is left
