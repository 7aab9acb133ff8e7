"""torch.optim: the optimizers whose update optax has, with PyTorch's placement of every term.

The rules describe the update only: `params` is bound to parameters by `nnx.Optimizer`. A learning
rate is used only where optax takes one, so it may also be a traced value.
"""

import jax
import jax.numpy as jnp
import optax

from tojax.rules.api import torch_api


@torch_api("torch.optim.SGD", "torch.optim.sgd.SGD")
def SGD(
    params,
    lr=1e-3,
    momentum=None,
    dampening=0,
    weight_decay=0,
    nesterov=False,
    *,
    maximize=False,
    foreach=None,
    differentiable=False,
    fused=None,
) -> optax.GradientTransformation:
    """Stochastic gradient descent with momentum, dampening, Nesterov's form and L2 decay."""
    update = (
        optax.sgd(lr, momentum=momentum, nesterov=nesterov)
        if dampening == 0 or momentum is None
        else optax.chain(_damped_trace(momentum, dampening), optax.scale_by_learning_rate(lr))
    )
    if maximize:
        return optax.chain(optax.scale(-1.0), optax.add_decayed_weights(weight_decay), update)
    if weight_decay == 0:
        return update
    return optax.chain(optax.add_decayed_weights(weight_decay), update)


@torch_api("torch.optim.Adam", "torch.optim.adam.Adam")
def Adam(
    params,
    lr=1e-3,
    betas=(0.9, 0.999),
    eps=1e-8,
    weight_decay=0,
    amsgrad=False,
    *,
    foreach=None,
    maximize=False,
    capturable=False,
    differentiable=False,
    fused=None,
    decoupled_weight_decay=False,
) -> optax.GradientTransformation:
    """Adam; `weight_decay` is added to the gradient (L2) unless it is decoupled."""
    if decoupled_weight_decay:
        return AdamW(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)
    update = (
        optax.chain(_scale_by_amsgrad(betas[0], betas[1], eps), optax.scale_by_learning_rate(lr))
        if amsgrad
        else optax.adam(lr, b1=betas[0], b2=betas[1], eps=eps)
    )
    if maximize:
        return optax.chain(optax.scale(-1.0), optax.add_decayed_weights(weight_decay), update)
    if weight_decay == 0:
        return update
    return optax.chain(optax.add_decayed_weights(weight_decay), update)


@torch_api("torch.optim.AdamW", "torch.optim.adamw.AdamW")
def AdamW(
    params,
    lr=1e-3,
    betas=(0.9, 0.999),
    eps=1e-8,
    weight_decay=1e-2,
    amsgrad=False,
    *,
    maximize=False,
    foreach=None,
    capturable=False,
    differentiable=False,
    fused=None,
) -> optax.GradientTransformation:
    """Adam with decoupled weight decay."""
    update = (
        optax.chain(
            _scale_by_amsgrad(betas[0], betas[1], eps),
            optax.add_decayed_weights(weight_decay),
            optax.scale_by_learning_rate(lr),
        )
        if amsgrad
        else optax.adamw(lr, b1=betas[0], b2=betas[1], eps=eps, weight_decay=weight_decay)
    )
    if maximize:
        return optax.chain(optax.scale(-1.0), update)
    return update


@torch_api("torch.optim.RMSprop", "torch.optim.rmsprop.RMSprop")
def RMSprop(
    params,
    lr=1e-2,
    alpha=0.99,
    eps=1e-8,
    weight_decay=0,
    momentum=None,
    centered=False,
    capturable=False,
    foreach=None,
    maximize=False,
    differentiable=False,
) -> optax.GradientTransformation:
    """RMSprop; the learning rate scales the momentum buffer, not what goes into it."""
    scale = (
        optax.scale_by_stddev(decay=alpha, eps=eps, eps_in_sqrt=False)
        if centered
        else optax.scale_by_rms(decay=alpha, eps=eps, eps_in_sqrt=False)
    )
    update = (
        optax.rmsprop(lr, decay=alpha, eps=eps, eps_in_sqrt=False, centered=centered)
        if momentum is None
        else optax.chain(scale, optax.trace(decay=momentum), optax.scale_by_learning_rate(lr))
    )
    if maximize:
        return optax.chain(optax.scale(-1.0), optax.add_decayed_weights(weight_decay), update)
    if weight_decay == 0:
        return update
    return optax.chain(optax.add_decayed_weights(weight_decay), update)


@torch_api("torch.optim.Adadelta", "torch.optim.adadelta.Adadelta")
def Adadelta(
    params,
    lr=1.0,
    rho=0.9,
    eps=1e-6,
    weight_decay=0,
    foreach=None,
    *,
    capturable=False,
    maximize=False,
    differentiable=False,
) -> optax.GradientTransformation:
    """Adadelta with L2 decay."""
    update = optax.adadelta(lr, rho=rho, eps=eps)
    if maximize:
        return optax.chain(optax.scale(-1.0), optax.add_decayed_weights(weight_decay), update)
    if weight_decay == 0:
        return update
    return optax.chain(optax.add_decayed_weights(weight_decay), update)


@torch_api("torch.optim.Adamax", "torch.optim.adamax.Adamax")
def Adamax(
    params,
    lr=2e-3,
    betas=(0.9, 0.999),
    eps=1e-8,
    weight_decay=0,
    foreach=None,
    *,
    maximize=False,
    differentiable=False,
    capturable=False,
) -> optax.GradientTransformation:
    """Adamax with L2 decay."""
    update = optax.adamax(lr, b1=betas[0], b2=betas[1], eps=eps)
    if maximize:
        return optax.chain(optax.scale(-1.0), optax.add_decayed_weights(weight_decay), update)
    if weight_decay == 0:
        return update
    return optax.chain(optax.add_decayed_weights(weight_decay), update)


@torch_api("torch.optim.SparseAdam", "torch.optim.sparse_adam.SparseAdam")
def SparseAdam(params, *args, **kwargs) -> optax.GradientTransformation:
    """Not supported: JAX gradients are dense."""
    raise NotImplementedError("SparseAdam needs sparse gradients, which JAX does not produce")


@torch_api("torch.optim.Muon")
def Muon(params, *args, **kwargs) -> optax.GradientTransformation:
    """Not supported: PyTorch orthogonalises in bfloat16, optax in the parameter's dtype."""
    raise NotImplementedError(
        "Muon orthogonalises in bfloat16, optax.contrib.muon in the parameter's dtype"
    )


def _damped_trace(momentum, dampening) -> optax.GradientTransformation:
    """Momentum in which every gradient after the first is scaled by `1 - dampening`."""

    def init(params):
        return jnp.zeros([], bool), jax.tree.map(jnp.zeros_like, params)

    def update(grads, state, params=None):
        started, trace = state
        weight = jnp.where(started, 1 - dampening, 1.0)
        trace = jax.tree.map(lambda t, g: momentum * t + weight.astype(g.dtype) * g, trace, grads)
        return trace, (jnp.ones([], bool), trace)

    return optax.GradientTransformation(init, update)


def _scale_by_amsgrad(b1, b2, eps) -> optax.GradientTransformation:
    """Adam whose second moment never decreases; the maximum precedes the bias correction."""

    def init(params):
        zeros = jax.tree.map(jnp.zeros_like, params)
        return jnp.zeros([], jnp.int32), zeros, zeros, zeros

    def update(grads, state, params=None):
        count, mu, nu, nu_max = state
        count = count + 1
        mu = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, mu, grads)
        nu = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g**2, nu, grads)
        nu_max = jax.tree.map(jnp.maximum, nu_max, nu)
        mu_hat = optax.tree.bias_correction(mu, b1, count)
        nu_hat = optax.tree.bias_correction(nu_max, b2, count)
        updates = jax.tree.map(lambda m, v: m / (jnp.sqrt(v) + eps), mu_hat, nu_hat)
        return updates, (count, mu, nu, nu_max)

    return optax.GradientTransformation(init, update)
