import numpy as np
import jax
import jax.numpy as jnp
import optax
from flax import nnx


def is_trainable(path, value: object) -> bool:
    """Whether a variable is a parameter that is not frozen; a filter for gradients."""
    return isinstance(value, nnx.Param) and value.get_metadata("requires_grad", True)


class Agent:
    def __init__(self, critic, target):
        self.critic = critic
        self.target = target
        self.log_alpha = nnx.Param(jnp.zeros(1))
        self.alpha_optimizer = nnx.Optimizer((self.log_alpha,), optax.adam(3e-4), wrt=is_trainable)
        self.critic_optimizer = nnx.Optimizer(critic, optax.adam(3e-4), wrt=is_trainable)

    def update(self, x, log_pi):
        def loss_fn(critic):
            loss = jnp.mean((critic(x) - jax.lax.stop_gradient(jnp.exp(self.log_alpha[...])) * log_pi) ** 2)
            return loss

        loss, grads_critic = nnx.value_and_grad(loss_fn, argnums=nnx.DiffState(0, is_trainable))(self.critic)
        self.critic_optimizer.update(self.critic, grads_critic)

        def alpha_loss_fn(log_alpha):
            alpha_loss = self.alpha_loss(log_pi, log_alpha=log_alpha) + 0.1 * jnp.sum(log_alpha[...])
            return alpha_loss

        alpha_loss, grads_log_alpha = nnx.value_and_grad(alpha_loss_fn, argnums=nnx.DiffState(0, is_trainable))(self.log_alpha)
        self.alpha_optimizer.update((self.log_alpha,), (grads_log_alpha,))
        return jnp.exp(self.log_alpha[...]).item()

    def alpha_loss(self, log_pi, *, log_alpha=None):
        log_alpha = self.log_alpha if log_alpha is None else log_alpha
        return -jnp.mean(log_alpha[...] * jax.lax.stop_gradient(log_pi + self.target))


class Temperature:
    def __init__(self, start):
        self.log_alpha = nnx.Param(jnp.array(np.log(start), dtype=jnp.float32))
        self.log_alpha.set_metadata(requires_grad=True)
        self.optimizer = nnx.Optimizer((self.log_alpha,), optax.adam(0.001), wrt=is_trainable)

    def update(self, entropy):
        def loss_fn(log_alpha):
            loss = jnp.sum(log_alpha[...] * entropy)
            return loss

        loss, grads = nnx.value_and_grad(loss_fn, argnums=nnx.DiffState(0, is_trainable))(self.log_alpha)
        self.optimizer.update((self.log_alpha,), (grads,))


class NoParameter(nnx.Module):
    def __init__(self):
        self.scale = jnp.ones(1)
        import torch  # TODO(tojax): TJ200 still needed by what is unresolved
        self.optimizer = torch.optim.SGD([self.scale], lr=0.1)  # TODO(tojax): TJ204 cannot tell which module the parameters are of


class Replaced:
    def __init__(self):
        self.scale = jnp.ones(1)
        import torch  # TODO(tojax): TJ200 still needed by what is unresolved
        self.optimizer = torch.optim.SGD([self.scale], lr=0.1)  # TODO(tojax): TJ204 cannot tell which module the parameters are of

    def restart(self, scale):
        self.scale = scale
