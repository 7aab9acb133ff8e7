"""torch.optim: the optimizers whose update optax lacks, or computes differently."""

import math

import jax
import jax.numpy as jnp
import optax

from tojax.rules.api import torch_api


@torch_api("torch.optim.Adagrad", "torch.optim.adagrad.Adagrad")
def Adagrad(
    params,
    lr=1e-2,
    lr_decay=0,
    weight_decay=0,
    initial_accumulator_value=0,
    eps=1e-10,
    foreach=None,
    *,
    maximize=False,
    differentiable=False,
    fused=None,
) -> optax.GradientTransformation:
    """Adagrad with L2 decay; `eps` is added outside the square root."""
    scale = _scale_by_adagrad(lr_decay, initial_accumulator_value, eps)
    if maximize:
        return optax.chain(
            optax.scale(-1.0),
            optax.add_decayed_weights(weight_decay),
            scale,
            optax.scale_by_learning_rate(lr),
        )
    if weight_decay == 0:
        return optax.chain(scale, optax.scale_by_learning_rate(lr))
    return optax.chain(
        optax.add_decayed_weights(weight_decay), scale, optax.scale_by_learning_rate(lr)
    )


@torch_api("torch.optim.NAdam", "torch.optim.nadam.NAdam")
def NAdam(
    params,
    lr=2e-3,
    betas=(0.9, 0.999),
    eps=1e-8,
    weight_decay=0,
    momentum_decay=4e-3,
    decoupled_weight_decay=False,
    *,
    foreach=None,
    maximize=False,
    capturable=False,
    differentiable=False,
) -> optax.GradientTransformation:
    """Adam with Nesterov momentum and a momentum schedule."""
    scale = _scale_by_nadam(betas[0], betas[1], eps, momentum_decay)
    sign = optax.scale(-1.0) if maximize else optax.identity()
    if weight_decay == 0 and not maximize:
        return optax.chain(scale, optax.scale_by_learning_rate(lr))
    if decoupled_weight_decay:
        return optax.chain(
            sign, scale, optax.add_decayed_weights(weight_decay), optax.scale_by_learning_rate(lr)
        )
    return optax.chain(
        sign, optax.add_decayed_weights(weight_decay), scale, optax.scale_by_learning_rate(lr)
    )


@torch_api("torch.optim.RAdam", "torch.optim.radam.RAdam")
def RAdam(
    params,
    lr=1e-3,
    betas=(0.9, 0.999),
    eps=1e-8,
    weight_decay=0,
    decoupled_weight_decay=False,
    *,
    foreach=None,
    maximize=False,
    capturable=False,
    differentiable=False,
) -> optax.GradientTransformation:
    """Rectified Adam; `eps` is added before the bias correction of the second moment."""
    scale = _scale_by_radam(betas[0], betas[1], eps)
    sign = optax.scale(-1.0) if maximize else optax.identity()
    if weight_decay == 0 and not maximize:
        return optax.chain(scale, optax.scale_by_learning_rate(lr))
    if decoupled_weight_decay:
        return optax.chain(
            sign, scale, optax.add_decayed_weights(weight_decay), optax.scale_by_learning_rate(lr)
        )
    return optax.chain(
        sign, optax.add_decayed_weights(weight_decay), scale, optax.scale_by_learning_rate(lr)
    )


@torch_api("torch.optim.Rprop", "torch.optim.rprop.Rprop")
def Rprop(
    params,
    lr=1e-2,
    etas=(0.5, 1.2),
    step_sizes=(1e-6, 50),
    *,
    capturable=False,
    foreach=None,
    maximize=False,
    differentiable=False,
) -> optax.GradientTransformation:
    """Resilient propagation; `lr` is only the first step size."""
    if maximize:
        return optax.chain(optax.scale(-1.0), _rprop(lr, etas, step_sizes))
    return _rprop(lr, etas, step_sizes)


@torch_api("torch.optim.ASGD", "torch.optim.asgd.ASGD")
def ASGD(
    params,
    lr=1e-2,
    lambd=1e-4,
    alpha=0.75,
    t0=1e6,
    weight_decay=0,
    foreach=None,
    maximize=False,
    differentiable=False,
    capturable=False,
) -> optax.GradientTransformation:
    """Gradient descent with averaging's step sizes; the average itself is not an output."""
    if maximize:
        return optax.chain(
            optax.scale(-1.0),
            optax.add_decayed_weights(weight_decay),
            _asgd(lr, lambd, alpha),
        )
    if weight_decay == 0:
        return _asgd(lr, lambd, alpha)
    return optax.chain(optax.add_decayed_weights(weight_decay), _asgd(lr, lambd, alpha))


@torch_api("torch.optim.Adafactor")
def Adafactor(
    params,
    lr=1e-2,
    beta2_decay=-0.8,
    eps=(None, 1e-3),
    d=1.0,
    weight_decay=0.0,
    *,
    foreach=None,
    maximize=False,
) -> optax.GradientTransformation:
    """Adafactor, factored over the last two axes of arrays with two or more."""
    update = _adafactor(lr, beta2_decay, eps[0], eps[1], d, weight_decay)
    if maximize:
        return optax.chain(optax.scale(-1.0), update)
    return update


def _scale_by_adagrad(lr_decay, initial_value, eps) -> optax.GradientTransformation:
    """Divides by the root of the sum of squares, and by a factor that grows with the steps."""

    def init(params):
        return jnp.zeros([], jnp.int32), optax.tree.full_like(params, initial_value)

    def update(grads, state, params=None):
        count, total = state
        total = jax.tree.map(lambda s, g: s + g**2, total, grads)
        decay = 1 + count * lr_decay
        updates = jax.tree.map(lambda g, s: g / (jnp.sqrt(s) + eps) / decay, grads, total)
        return updates, (count + 1, total)

    return optax.GradientTransformation(init, update)


def _scale_by_nadam(b1, b2, eps, momentum_decay) -> optax.GradientTransformation:
    """Adam's scaling with Nesterov momentum that grows from `b1 / 2` to `b1`."""

    def init(params):
        zeros = jax.tree.map(jnp.zeros_like, params)
        return jnp.zeros([], jnp.int32), jnp.ones([]), zeros, zeros

    def update(grads, state, params=None):
        count, product, mu, nu = state
        count = count + 1
        momentum = b1 * (1 - 0.5 * 0.96 ** (count * momentum_decay))
        next_momentum = b1 * (1 - 0.5 * 0.96 ** ((count + 1) * momentum_decay))
        product = product * momentum
        grad_weight = (1 - momentum) / (1 - product)
        mu_weight = next_momentum / (1 - product * next_momentum)
        mu = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, mu, grads)
        nu = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g**2, nu, grads)
        correction = -jnp.expm1(count * math.log(b2))  # 1 - b2**count, to all digits
        updates = jax.tree.map(
            lambda g, m, v: (grad_weight * g + mu_weight * m) / (jnp.sqrt(v / correction) + eps),
            grads,
            mu,
            nu,
        )
        return updates, (count, product, mu, nu)

    return optax.GradientTransformation(init, update)


def _scale_by_radam(b1, b2, eps) -> optax.GradientTransformation:
    """Adam's scaling once its variance is tractable, plain momentum before."""
    limit = 2 / (1 - b2) - 1

    def init(params):
        zeros = jax.tree.map(jnp.zeros_like, params)
        return jnp.zeros([], jnp.int32), jnp.zeros([]), jnp.zeros([]), zeros, zeros

    def update(grads, state, params=None):
        count, total, moment, mu, nu = state
        # The length of the average as a mean of positive terms: the usual difference of two large
        # numbers would lose most of float32's digits.
        weight = b2**count
        count = count + 1
        total = total + weight
        moment = moment + count * weight
        length = 2 * moment / total - 1
        correction = (1 - b2) * total
        tractable = length > 5
        safe = jnp.where(tractable, length, 6.0)
        rectifier = jnp.sqrt(
            (safe - 4) * (safe - 2) * limit / ((limit - 4) * (limit - 2) * safe) * correction
        )
        mu = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, mu, grads)
        nu = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g**2, nu, grads)
        updates = jax.tree.map(
            lambda m, v: m * jnp.where(tractable, rectifier / (jnp.sqrt(v) + eps), 1.0),
            optax.tree.bias_correction(mu, b1, count),
            nu,
        )
        return updates, (count, total, moment, mu, nu)

    return optax.GradientTransformation(init, update)


def _rprop(learning_rate, etas, step_sizes) -> optax.GradientTransformation:
    """Steps by the gradient's sign, longer while it stays and shorter when it flips."""

    def init(params):
        return optax.tree.full_like(params, learning_rate), optax.tree.zeros_like(params)

    def update(grads, state, params=None):
        sizes, previous = state
        agreement = jax.tree.map(lambda g, p: jnp.sign(g * p), grads, previous)
        factors = jax.tree.map(
            lambda a: jnp.where(a > 0, etas[1], jnp.where(a < 0, etas[0], 1.0)), agreement
        )
        sizes = jax.tree.map(
            lambda s, f: jnp.clip(s * f, step_sizes[0], step_sizes[1]), sizes, factors
        )
        grads = jax.tree.map(lambda g, a: jnp.where(a < 0, 0, g), grads, agreement)
        updates = jax.tree.map(lambda g, s: -jnp.sign(g) * s, grads, sizes)
        return updates, (sizes, grads)

    return optax.GradientTransformation(init, update)


def _asgd(learning_rate, lambd, alpha) -> optax.GradientTransformation:
    """Gradient descent with decay `lambd` and a step size that shrinks as `t ** -alpha`."""

    def init(params):
        return jnp.zeros([], jnp.int32), jnp.asarray(learning_rate, jnp.float32)

    def update(grads, state, params=None):
        count, eta = state
        count = count + 1
        updates = jax.tree.map(lambda g, p: -eta * (g + lambd * p), grads, params)
        return updates, (count, learning_rate / (1 + lambd * learning_rate * count) ** alpha)

    return optax.GradientTransformation(init, update)


def _adafactor(
    learning_rate, beta2_decay, eps1, eps2, d, weight_decay
) -> optax.GradientTransformation:
    """Adafactor with relative step size, update clipping and decoupled decay."""

    def rms(x):
        return jnp.sqrt(jnp.mean(x**2))

    def init(params):
        def zeros(p):
            if p.ndim < 2:
                return (jnp.zeros_like(p),)
            shape = p.shape
            return (
                jnp.zeros((*shape[:-1], 1), p.dtype),
                jnp.zeros((*shape[:-2], 1, shape[-1]), p.dtype),
            )

        leaves = jax.tree.leaves(params)
        return jnp.zeros([], jnp.int32), tuple(zeros(p) for p in leaves)

    def step(grad, variance, param, count):
        weight = count.astype(jnp.float32) ** beta2_decay
        floor = jnp.finfo(param.dtype).eps if eps1 is None else eps1
        square = grad**2
        if grad.ndim < 2:
            variance = (variance[0] + weight * (square - variance[0]),)
            estimate = variance[0]
        else:
            row, column = variance
            row = row + weight * (square.mean(-1, keepdims=True) - row)
            column = column + weight * (square.mean(-2, keepdims=True) - column)
            variance = (row, column)
            mean = jnp.maximum(row.mean(-2, keepdims=True), floor)
            estimate = row * column / mean
        update = grad * jax.lax.rsqrt(jnp.maximum(estimate, floor**2))
        rate = jnp.minimum(learning_rate, 1 / jnp.sqrt(count)) * jnp.maximum(eps2, rms(param))
        update = rate * update / jnp.maximum(1.0, rms(update) / d)
        return -update - learning_rate * weight_decay * param, variance

    def update(grads, state, params=None):
        count, variances = state
        count = count + 1
        leaves, structure = jax.tree.flatten(grads)
        results = [
            step(g, v, p, count)
            for g, v, p in zip(leaves, variances, jax.tree.leaves(params), strict=True)
        ]
        updates = jax.tree.unflatten(structure, [u for u, _ in results])
        return updates, (count, tuple(v for _, v in results))

    return optax.GradientTransformation(init, update)
