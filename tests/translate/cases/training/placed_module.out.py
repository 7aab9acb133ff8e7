import jax
import jax.numpy as jnp
import optax
from flax import nnx


class Trainer:
    def __init__(self, model, device="cpu"):
        self.model = model
        self.optimizer = nnx.Optimizer(model, optax.adam(1e-2), wrt=nnx.Param)

    def train_epoch(self, loader):
        for x, y in loader:
            def loss_fn(model):
                loss = jnp.mean((model(x) - y) ** 2)
                return loss

            loss, grads = nnx.value_and_grad(loss_fn)(self.model)
            self.optimizer.update(self.model, grads)


class Fitter:
    def __init__(self, model, device):
        net = model
        net.train()
        self.net = net
        self.opt = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)

    def fit(self, x: jax.Array):
        def loss_fn(net):
            loss = jnp.mean(net(x))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(self.net)
        self.opt.update(self.net, grads)


class Extended:
    def __init__(self, model: nnx.Module, *, rngs: nnx.Rngs):
        self.inner = model
        model = nnx.Sequential(model, nnx.Linear(2, 2, rngs=rngs))
        self.model = model
        self.opt = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)

    def fit(self, x: jax.Array):
        def loss_fn(model):
            loss = jnp.mean(model(x))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(self.model)
        self.opt.update(self.model, grads)
