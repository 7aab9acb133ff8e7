import jax.numpy as jnp
import optax
from flax import nnx


class Trainer:
    def __init__(self, net: nnx.Module):
        self.net = net
        self.opt = nnx.Optimizer(self.net, optax.adam(1e-3), wrt=nnx.Param)
        self.history = []

    def fit(self, loader):
        for x, y in loader:
            def loss_fn(net):
                loss = jnp.mean((net(x) - y) ** 2)
                return loss

            loss, grads = nnx.value_and_grad(loss_fn)(self.net)
            self.opt.update(self.net, grads)
            self.history.append(loss.item())
